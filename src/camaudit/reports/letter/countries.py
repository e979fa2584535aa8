"""List names of countries and territories, and the adjectives of those that goods come from.

The names are the English short names of ISO 3166-1, and the usual forms of some.
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
Afghanistan; Albania; Algeria; American Samoa; Andorra; Angola; Anguilla; Antarctica;
Antigua and Barbuda; Argentina; Armenia; Aruba; Australia; Austria; Azerbaijan; Bahamas; Bahrain;
Bangladesh; Barbados; Belarus; Belgium; Belize; Benin; Bermuda; Bhutan; Bolivia; Bonaire; Bosnia;
Herzegovina; Botswana; Bouvet Island; Brazil; Brunei; Bulgaria; Burkina Faso; Burma; Burundi;
Cabo Verde; Cape Verde; Cambodia; Cameroon; Canada; Cayman Islands; Central African Republic; Chad;
Chile; China; Christmas Island; Cocos Islands; Colombia; Comoros; Congo; Cook Islands; Costa Rica;
Côte d'Ivoire; Ivory Coast; Croatia; Cuba; Curaçao; Cyprus; Czechia; Czech Republic; Denmark;
Djibouti; Dominica; Dominican Republic; Ecuador; Egypt; El Salvador; Equatorial Guinea; Eritrea;
Estonia; Eswatini; Swaziland; Ethiopia; Falkland Islands; Faroe Islands; Fiji; Finland; France;
French Guiana; French Polynesia; Gabon; Gambia; Georgia; Germany; Ghana; Gibraltar; Greece;
Greenland; Grenada; Guadeloupe; Guam; Guatemala; Guernsey; Guinea; Guinea-Bissau; Guyana; Haiti;
Holy See; Vatican; Honduras; Hong Kong; Hungary; Iceland; India; Indonesia; Iran; Iraq; Ireland;
Isle of Man; Israel; Italy; Jamaica; Japan; Jersey; Jordan; Kazakhstan; Kenya; Kiribati; Korea;
Kosovo; Kuwait; Kyrgyzstan; Laos; Lao; Latvia; Lebanon; Lesotho; Liberia; Libya; Liechtenstein;
Lithuania; Luxembourg; Macao; Macau; Madagascar; Malawi; Malaysia; Maldives; Mali; Malta;
Marshall Islands; Martinique; Mauritania; Mauritius; Mayotte; Mexico; Micronesia; Moldova; Monaco;
Mongolia; Montenegro; Montserrat; Morocco; Mozambique; Myanmar; Namibia; Nauru; Nepal; Netherlands;
Holland; New Caledonia; New Zealand; Nicaragua; Niger; Nigeria; Niue; Norfolk Island;
North Macedonia; Macedonia; Northern Ireland; Northern Mariana Islands; Norway; Oman; Pakistan;
Palau; Palestine; Panama; Papua New Guinea; Paraguay; Peru; Philippines; Pitcairn; Poland; Portugal;
Puerto Rico; Qatar; Réunion; Romania; Russia; Russian Federation; Rwanda; Saint Barthélemy;
Saint Helena; Saint Kitts and Nevis; Saint Lucia; Saint Martin; Saint Pierre and Miquelon;
Saint Vincent; Samoa; San Marino; Sao Tome and Principe; Saudi Arabia; Senegal; Serbia; Seychelles;
Sierra Leone; Singapore; Sint Maarten; Slovakia; Slovenia; Solomon Islands; Somalia; South Africa;
South Georgia; South Sudan; Spain; Sri Lanka; Sudan; Suriname; Svalbard; Sweden; Switzerland; Syria;
Taiwan; Tajikistan; Tanzania; Thailand; Timor-Leste; East Timor; Togo; Tokelau; Tonga;
Trinidad and Tobago; Tunisia; Turkey; Türkiye; Turkmenistan; Turks and Caicos Islands; Tuvalu;
Uganda; Ukraine; United Arab Emirates; United Kingdom; Great Britain; Britain; England; Scotland;
Wales; United States; America; Uruguay; Uzbekistan; Vanuatu; Venezuela; Vietnam; Viet Nam;
Virgin Islands; Wallis and Futuna; Western Sahara; Yemen; Zambia; Zimbabwe; Åland;
PRC; ROC; UK; USA; US; UAE; EU; European Union; Europe; Asia; Africa
"""
_ADJECTIVES: Final = """
African; American; Arab; Asian; Australian; Austrian; Belarusian; Belgian; Brazilian; British;
Bulgarian; Canadian; Chinese; Croatian; Cuban; Czech; Danish; Dutch; English; Estonian; European;
Finnish; French; German; Greek; Hungarian; Indian; Indonesian; Iranian; Iraqi; Irish; Israeli;
Italian; Japanese; Korean; Latvian; Lithuanian; Malaysian; Mexican; Norwegian; Pakistani; Polish;
Portuguese; Romanian; Russian; Scottish; Serbian; Singaporean; Slovak; Slovenian; Spanish; Swedish;
Swiss; Syrian; Taiwanese; Thai; Turkish; Ukrainian; Vietnamese; Welsh
"""

#: Every name that a letter's own sentences may not hold.
COUNTRIES: Final = tuple(
    " ".join(name.split()) for name in f"{_NAMES};{_ADJECTIVES}".split(";") if name.strip()
)
