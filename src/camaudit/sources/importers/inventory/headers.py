"""The words that head the columns of registers, in the languages met most often.

A phrase that starts with ``=`` counts only as the whole header. Spelling, case, accents,
punctuation and the usual short forms do not matter (``tables.headers.normal``).
"""

from __future__ import annotations

from typing import Final

from camaudit.sources.tables import HeaderWords

#: Column word -> observation key. ``make_model``, ``in_use`` and ``address`` give several.
KEYS: Final = {
    "asset_id": "register.asset_id",
    "mac": "mac.address",
    "ip": "ip.address",
    "site": "register.site",
    "location": "register.location",
    "installed_on": "register.installed_on",
    "invoiced_on": "register.invoiced_on",
    "status": "register.status",
    "owner": "register.owner",
    "operator": "register.operator",
    "maintainer": "register.maintainer",
    "zone": "register.zone",
    "recorder": "register.recorder",
    "channel": "register.channel",
    "networked": "register.networked",
    "quantity": "register.quantity",
    "kind": "register.kind",
    "manufacturer": "inventory.manufacturer",
    "model": "inventory.model",
    "text": "inventory.text",
    "serial": "inventory.serial",
    "firmware": "inventory.firmware",
    "supplier": "inventory.supplier",
    "hostname": "dns.hostname",
}

PHRASES: Final = {
    "asset_id": (
        "asset id", "asset number", "asset tag", "asset reference", "asset code", "=asset",
        "=tag", "tag number", "equipment id", "equipment number", "device id", "device number",
        "camera id", "camera number", "camera reference", "unit id", "unit number",
        "inventory number", "inventory id", "barcode", "cmdb id", "=uid", "unique id",
        "unique reference", "=id", "=reference", "=number", "=item number", "=key",
        "inventarnummer", "anlagennummer", "geratenummer", "numero d inventaire",
        "numero de inventario", "numero inventario", "inventarisnummer", "numer inwentarzowy",
        "numero de patrimonio", "rhif ased",
    ),
    "mac": (
        "mac", "mac address", "physical address", "ethernet address", "mac id", "adresse mac",
        "mac adresse", "direccion mac", "indirizzo mac", "mac adres", "adres mac", "endereco mac",
        "cyfeiriad mac",
    ),
    "ip": (
        "ip", "ip address", "ipv4", "ipv4 address", "ipv6", "ipv6 address", "network address",
        "lan address", "host address", "=hardware address", "=host", "device address",
        "camera address", "adresse ip", "ip adresse", "direccion ip", "indirizzo ip", "ip adres",
        "adres ip", "endereco ip", "cyfeiriad ip",
    ),
    "hostname": ("hostname", "host name", "dns name", "fqdn", "=dns", "computer name"),
    "site": (
        "site", "site id", "site name", "site code", "site reference", "building",
        "building name", "premises", "property", "establishment", "=school", "=branch", "=estate",
        "=facility", "=campus", "standort", "liegenschaft", "gebaude", "=batiment",
        "etablissement", "=sitio", "emplazamiento", "edificio", "=sede", "gebouw", "vestiging",
        "budynek", "obiekt", "safle", "adeilad",
    ),
    "location": (
        "location", "=area", "position", "=room", "room number", "=floor", "=level",
        "where installed", "installed location", "mounting location", "=place", "=address",
        "site address", "postcode", "=coverage", "field of view", "einbauort", "raum",
        "emplacement", "=lieu", "=salle", "ubicacion", "posizione", "ubicazione", "locatie",
        "lokalizacja", "localizacao", "lleoliad", "standplatz",
    ),
    "installed_on": (
        "=installed", "installed date", "date installed", "installed on", "date of installed",
        "commissioned", "commissioning date", "date commissioned", "in service date",
        "in service from", "year installed", "year of installed", "date fitted", "=fitted",
        "go live date", "deployed on", "deployment date", "date deployed", "einbaudatum",
        "installationsdatum", "inbetriebnahme", "installiert", "eingebaut",
        "date d installation", "mise en service",
        "fecha de instalacion", "data di installazione", "data installazione",
        "installatiedatum", "data instalacji", "data de instalacao", "dyddiad gosod",
    ),
    "invoiced_on": (
        "invoice date", "invoiced", "date invoiced", "invoiced on", "purchase date",
        "date purchased", "date of purchase", "purchased on", "order date", "date ordered",
        "acquisition date", "date acquired", "delivery date", "date delivered",
        "rechnungsdatum", "kaufdatum", "date d achat", "date de facture", "fecha de compra",
        "fecha de factura", "data acquisto", "data fattura", "aankoopdatum", "data zakupu",
        "data de compra", "dyddiad prynu",
    ),
    "status": (
        "status", "=state", "operational status", "asset status", "lifecycle", "=zustand",
        "betriebszustand", "=etat", "=estado", "=stato", "=stan", "statws",
    ),
    "in_use": ("in use", "=live", "=active", "=operational", "=in service", "in betrieb"),
    "owner": (
        "owner", "asset owner", "owned by", "ownership", "owning body", "owning department",
        "eigentumer", "proprietaire", "=propietario", "=proprietario", "eigenaar", "wlasciciel",
        "perchennog",
    ),
    "operator": (
        "operator", "operated by", "operating body", "managed by", "user department", "betreiber",
        "exploitant", "=operador", "gestore", "beheerder", "gweithredwr",
    ),
    "maintainer": (
        "maintainer", "maintained by", "maintenance", "maintenance contractor",
        "maintenance company", "maintenance provider", "service provider", "support provider",
        "=contractor", "wartung", "wartungsfirma", "mantenimiento", "manutenzione", "onderhoud",
        "konserwator", "cynhaliwr",
    ),
    "zone": (
        "zone", "network zone", "=network", "network type", "network segment", "security zone",
        "declared zone", "=segment", "=netzwerk", "=netz", "=reseau", "=rete", "=netwerk",
        "=siec", "=rhwydwaith",
    ),
    "recorder": (
        "recorder", "nvr", "dvr", "nvr dvr", "recorder name", "recorder id", "recorder reference",
        "nvr name", "dvr name", "connected recorder", "recorded on", "=recorded by", "=parent",
        "parent asset", "parent id", "parent device", "rekorder", "aufzeichnungsgerat",
        "enregistreur", "grabador", "registratore", "rejestrator", "gravador", "recordydd",
    ),
    "channel": (
        "channel", "channel number", "recorder channel", "camera channel", "nvr channel",
        "dvr channel", "=ch", "=input", "kanal", "=canal", "=canale", "kanaal", "=voie", "=sianel",
    ),
    "networked": (
        "networked", "network connected", "on network", "is networked", "connected to network",
        "connected to the network", "=connected", "ip or analogue", "ip analogue", "analogue ip",
        "analog or ip", "analogue or ip", "ip or analog", "vernetzt", "connecte au reseau",
    ),
    "quantity": (
        "quantity", "=count", "number of cameras", "number of devices", "number of units",
        "camera count", "=cameras", "how many", "=amount", "total cameras", "=total", "=units",
        "anzahl", "=menge", "stuckzahl", "=quantite", "nombre", "=cantidad", "=quantita",
        "aantal", "ilosc", "quantidade", "=nifer",
    ),
    "kind": (
        "=type", "camera type", "device type", "equipment type", "asset type", "category",
        "=class", "=kind", "device class", "product type", "form factor", "type of camera",
        "type of device", "=typ", "=art", "geratetyp", "geratart", "type d appareil", "=tipo",
        "=rodzaj", "=math",
    ),
    "manufacturer": (
        "manufacturer", "make", "brand", "vendor", "=maker", "manufactured by", "=oem",
        "brand name", "hersteller", "marke", "fabricant", "marque", "constructeur", "fabricante",
        "marca", "produttore", "fabrikant", "merk", "producent", "=marka", "gwneuthurwr",
    ),
    "model": (
        "model", "model number", "model name", "model code", "part number", "product code",
        "product number", "catalogue number", "=product", "product name", "=sku", "=mpn",
        "modell", "modele", "modelo", "modello", "type number", "typenummer", "typbezeichnung",
        "artikelnummer", "reference produit",
    ),
    "make_model": (
        "make model", "make and model", "brand model", "brand and model", "manufacturer model",
        "manufacturer and model", "model and make", "hersteller modell", "hersteller und modell",
        "marke modell", "marque modele", "marque et modele", "marca modelo", "marca y modelo",
        "marca modello", "marca e modello", "merk model", "merk en model",
    ),
    "text": (
        "description", "item description", "=equipment", "=item", "=device", "=camera", "=name",
        "camera name", "device name", "asset name", "hardware name", "driver display name",
        "=driver", "notes", "comments", "remarks", "=details", "comment", "=note",
        "specification", "=system", "=hardware", "beschreibung", "bezeichnung", "bemerkung",
        "bemerkungen", "kommentar", "=gerat", "=kamera", "remarque", "remarques", "designation",
        "=appareil", "descripcion", "observaciones", "=equipo", "descrizione", "=apparecchio",
        "omschrijving", "opmerkingen", "=opis", "uwagi", "descricao", "disgrifiad", "sylwadau",
    ),
    "serial": (
        "serial", "serial number", "service tag", "seriennummer", "numero de serie",
        "numero di serie", "serienummer", "numer seryjny", "rhif cyfresol",
    ),
    "firmware": (
        "firmware", "firmware version", "software version", "=version", "=software",
        "version logiciel", "wersja oprogramowania", "softwareversie",
    ),
    "supplier": (
        "supplier", "supplied by", "installer", "installed by", "fitted by", "reseller",
        "distributor", "=seller", "lieferant", "errichter", "fournisseur", "installateur",
        "proveedor", "fornitore", "leverancier", "dostawca", "fornecedor", "cyflenwr",
    ),
}  # fmt: skip

WORDS: Final = HeaderWords(PHRASES, KEYS)
