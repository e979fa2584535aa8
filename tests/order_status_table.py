"""Lines of orders, and whether section 889 covers the makers of what they ask for.

Written from what vendors' catalogues and compliance statements say, as far as generally known, and
before `camaudit check` had read any line. It measures the gate as a buyer meets it.

A row is ``status | description``, and where the order has columns of their own ``| brand | model``.

- ``covered``: made by Hikvision, Dahua, Hytera, Huawei, ZTE or one of their subsidiaries, under
  whichever label. It must never be passed.
- ``clear``: the vendor states that none of them makes it, or is another maker with its own works.
- ``open``: no vendor publishes who makes it, or the label is mixed. It must never be passed.
- ``beside``: an accessory, disk, licence or service, and no surveillance equipment.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class StatusRow(NamedTuple):
    """A line of an order, and what is known of it."""

    status: str
    description: str
    brand: str | None
    model: str | None


_ROWS: Final = """
covered | Hikvision DS-2CD2387G2-LU 8MP ColorVu fixed turret network camera, 2.8mm
covered | Hikvision DS-7616NI-I2/16P 16 channel NVR with 16 PoE ports
covered | 4MP 32x IR network speed dome | Hikvision | DS-2DE7A432IW-AEB
covered | HIKVISION iDS-7208HUHI-M1/S 8-ch 1080p AcuSense DVR
covered | DS-2CD2T47G2-L 4MM
covered | Hikvision DS-KV6113-WPE1 villa door station
covered | Hikvision DS-K1T341AMF face recognition terminal
covered | Hikvision DS-2TD2637B-10/P thermographic bullet camera
covered | 4-MP Outdoor Dome Camera ECI-D24F2 Hikvision value express
covered | NVR, 32 channel, 4 SATA | Hikvision | DS-7732NI-K4/16P
covered | HiLook IPC-T261H-MU 6MP turret 2.8mm
covered | HiLook by Hikvision NVR-108MH-C/8P 8 channel PoE recorder
covered | HiLook THC-T120-PC 2MP EXIR turret
covered | EZVIZ C6N 1080p pan/tilt indoor camera
covered | Ezviz C3TN outdoor WiFi camera 1080p
covered | HiWatch DS-I250W 2MP mini PT camera
covered | HiWatch HWN-4108MH-8P NVR
covered | Annke C800 4K PoE turret camera, 2.8 mm
covered | ANNKE 8CH 5MP Lite DVR DW81KD
covered | Dahua IPC-HDW3849H-AS-PV-S3 8MP TiOC eyeball camera
covered | Dahua IPC-HFW5442E-ZE 4MP IR bullet vari-focal WizMind
covered | Dahua DHI-NVR5216-16P-4KS2E 16ch PoE NVR
covered | 8 Channel Penta-brid 5M-N WizSense DVR | Dahua | XVR5108HS-I3
covered | DH-SD49425XB-HNR 4MP 25x Starlight PTZ
covered | Dahua N43AJ52 4MP IR 2.8mm eyeball
covered | IPC-HDBW2431E-S-S2 2.8mm mini dome, qty 12
covered | Dahua VTO2202F-P-S2 IP villa door station
covered | Dahua TPC-BF2221 hybrid thermal network camera
covered | Dahua DH-PFS3010-8ET-96 8-port PoE switch
covered | Imou Cruiser 2 5MP outdoor Wi-Fi camera
covered | IMOU IPC-F22P Bullet Lite
covered | Lorex LNB8005-C 4K ultra HD security camera
covered | Lorex N843A82 8-channel 4K NVR
covered | Lorex 4K 8-channel 2TB wired NVR system with 6 smart deterrence cameras
covered | Amcrest IP8M-2493EB-V2 4K PoE bullet
covered | Amcrest UltraHD 5MP outdoor turret | Amcrest | IP5M-T1179EW-28MM
covered | Amcrest NV4108E-A2 8 channel PoE NVR
covered | Q-See QCN8026B 3MP bullet camera
covered | EmpireTech IPC-T5442T-ZE 4MP varifocal turret
covered | Montavue MTB8088-AIMS 4K bullet
covered | LTS CMIP7043W-28M Platinum 4MP mini dome
covered | LTS LTN8916-P16 Platinum 16 channel NVR
covered | LTS Platinum CMHT1952WE-28F turret
covered | LTD8308M-ST LTS 8 channel DVR
covered | Interlogix TruVision TVD-5602 IP dome 2MP
covered | TruVision NVR 22 16 channel TVN-2216-8T
covered | UTC TVB-5403 TruVision 4MP bullet
covered | Luma Surveillance LUM-510-BUL-IP-GR 4MP bullet
covered | Honeywell HED3PR3 Performance series 3MP IR dome
covered | Honeywell HEN16204 16 channel embedded NVR
covered | Honeywell Performance HBW4PR2 4MP bullet
covered | Alibi ALI-NS4013R 3.0MP IR dome
covered | ENS Security 4MP IR dome HNC304-XD/28
covered | IC Realtime ICIP-D4732Z 4MP varifocal dome
covered | FLIR Digimerge DNR516P8 16 channel NVR
covered | CP Plus CP-UNC-TA41L3-V3 4MP bullet
covered | Huawei S5735-L24P4X-A1 24 port PoE switch
covered | Huawei IPC6325-WD-VF 2MP dome camera
covered | Huawei B535-232 4G router
covered | ZTE MF286D LTE CPE router
covered | ZTE ZXR10 5250-28PM-H switch
covered | Hytera PD785G digital portable radio UHF
covered | Hytera HM785 mobile radio
covered | Hikvision 4-channel kit: NVR-104MH-D/4P with 4 x IPC-T221H and 1TB HDD
covered | KBVISION KX-C2004C5 2MP IP camera
covered | Intelbras VIP 3230 B SL bullet
open | Swann 4K Ultra HD NVR-8580 8 channel with 4 cameras SWNVK-875804
open | Swann SWNHD-876MSB bullet camera
open | Night Owl 8 Channel Bluetooth 4K DVR, 1TB
open | W Box Technologies 0E-21BF40 4MP bullet
open | WBox 0E-4CHNVR 4ch NVR
open | Northern Video NTHIP4BFV 4MP varifocal bullet
open | ClareVision CLR-V200-8B28 8MP bullet camera
open | 3xLOGIC VX-4V28-B-I VISIX 4MP bullet
open | InVid Tech PAR-P8DRIR2812 Paramont 8MP dome
open | TRENDnet TV-IP315PI 4MP bullet
open | LaView LV-PB932F4 bullet camera
open | ABUS IPCB44511A IP mini tube 4 MPx
open | Safire SF-IPT855WA-4U 4MP turret
open | Bosch DIVAR network 2000 DDN-2516-200N16 recorder
open | Toshiba IKS-WB6102 IP camera
open | Dome camera, 4MP, vandal resistant, IR 30m
open | 16 channel NVR with 8TB storage
open | 8MP varifocal turret camera, brand as per schedule
open | Axis P3265-LV dome camera or approved equal
open | Hikvision or equal 4MP dome camera
open | Annual maintenance of 24 Dahua cameras
open | Replacement camera for gatehouse, like for like
clear | Axis P3265-LVE 2MP outdoor dome, 9-22 mm
clear | AXIS Q6135-LE 60Hz PTZ
clear | 01593-001 AXIS M3116-LVE fixed dome
clear | Axis M2036-LE bullet camera white
clear | P1465-LE 9 mm | Axis Communications | P1465-LE
clear | AXIS Camera Station S2216 appliance, 16 channel
clear | AXIS A8207-VE Mk II network video door station
clear | AXIS D2110-VE security radar
clear | AXIS C1310-E network horn speaker
clear | Hanwha Vision XNV-8083R 6MP IR vandal dome
clear | Hanwha Wisenet QNV-8080R 5MP dome 3.2-10mm
clear | Wisenet PNM-9085RQZ1 20MP multi-directional camera
clear | Hanwha Techwin XRN-1620SB1 16ch NVR 4TB
clear | Hanwha XNP-9300RW 4K PTZ camera
clear | Wisenet ANE-L7012R 4MP eyeball
clear | Samsung SNV-6084R 2MP dome
clear | 5MP outdoor bullet | Hanwha | QNO-8080R
clear | Bosch FLEXIDOME IP starlight 8000i NDE-8503-R
clear | Bosch DINION IP 3000i IR NBE-3502-AL bullet
clear | BOSCH AUTODOME IP starlight 5000i NDP-5523-Z30
clear | Bosch NDV-5703-A02 Flexidome indoor 5100i micro dome
clear | Bosch MIC-7522-Z30W MIC IP starlight 7100i
clear | Bosch DIP-7384-8HD DIVAR IP all-in-one 7000
clear | Avigilon 4.0C-H5A-BO1-IR 4MP H5A bullet
clear | Avigilon 8.0C-H6A-D1-IR dome
clear | Avigilon NVR5-STD-32TB-S19 network video recorder
clear | Avigilon Alta dome 5MP
clear | 5.0C-H5SL-DO1-IR | Avigilon
clear | Pelco IMP831-1ERS Sarix Pro 3 8MP dome
clear | Pelco Sarix Enhanced 4 IME839-1ERS
clear | Pelco Spectra Pro 4K P2820-ESR PTZ
clear | Pelco VideoXpert Professional VXP-F-24-5-J server
clear | i-PRO WV-S2536LTNA 2MP outdoor dome
clear | i-PRO WV-U2532LA 2MP vandal dome
clear | i-PRO WV-X86531-Z2 multi-directional + PTZ
clear | Panasonic WV-SFV631L 1080p vandal dome
clear | Panasonic WJ-NX200K/2 network disk recorder
clear | Sony SNC-VB770 4K network camera
clear | Sony SNC-EM632RC minidome
clear | Mobotix M73 high-end outdoor camera
clear | MOBOTIX Mx-M16B-6D6N041 AllroundDual
clear | Mobotix MOVE Mx-VD2A-5-IR-VA vandal dome
clear | VIVOTEK FD9387-HTV-A 5MP dome
clear | Vivotek IB9365-HT bullet 2MP
clear | Vivotek ND9442P 16ch NVR
clear | VIVOTEK MS9390-EV-v2 180 panoramic
clear | GeoVision GV-TDR4803 4MP turret
clear | Geovision GV-EBD8711 8MP eyeball dome
clear | GeoVision GV-SNVR1600 16 channel NVR
clear | ACTi Z71 5MP bullet
clear | ACTi A96 4MP dome
clear | ACTi ZNR-222P recorder
clear | Arecont Vision AV12975DN-28 SurroundVideo
clear | Arecont Vision Contera AV02CLD-100 2MP dome
clear | March Networks ME6 IR Dome 6MP
clear | March Networks 8532 R5 hybrid recorder
clear | March Networks SE2 Outdoor IR Dome
clear | Verkada CD52 indoor dome camera 256GB, 30 days
clear | Verkada CB62-E outdoor bullet
clear | Verkada CF81-E fisheye
clear | Rhombus R230 dome camera
clear | Rhombus R400 multi sensor
clear | Cisco Meraki MV12WE-HW mini dome
clear | Meraki MV72X outdoor dome
clear | MV63-HW | Cisco Meraki
clear | Ubiquiti UVC-G4-PRO UniFi Protect camera
clear | UniFi Protect UVC-G5-Turret-Ultra
clear | Ubiquiti UNVR-Pro network video recorder
clear | Reolink RLC-810A 4K PoE bullet
clear | Reolink RLK8-800B4 4K 8CH PoE kit with 4 bullet cameras, 2TB HDD
clear | Reolink RLN16-410 NVR
clear | TP-Link VIGI C540 4MP pan tilt
clear | TP-Link VIGI NVR1008H-8MP 8 channel PoE
clear | TP-Link Tapo C200 indoor camera
clear | Milesight MS-C5376-PB 5MP mini dome
clear | Milesight MS-N5016-UPT NVR
clear | Uniview IPC3618SB-ADF28KM-I0 8MP fixed dome
clear | UNV NVR302-16S2-P16 16ch PoE NVR
clear | Uniview IPC2124LB-SF28KM-G 4MP mini bullet
clear | Uniarch IPC-T125-APF28 5MP turret
clear | Tiandy TC-C35XS 5MP bullet
clear | Tiandy TC-R3232 32 channel NVR
clear | TVT TD-9442S3 4MP bullet
clear | Provision-ISR DI-340IPS-28 4MP dome
clear | Alibi Vigilant ALI-FB41-UA 4MP bullet NDAA compliant
clear | LTS Pro-VS VSIP3442W-28MA 4MP turret NDAA
clear | LTS VSN7108-P8 8 channel NVR
clear | Luma LUM-820-IP-BM 8MP bullet
clear | Honeywell 30 Series HC30W45R3 5MP IR dome
clear | Honeywell 30 Series HN30080200 8ch NVR
clear | Honeywell 35 Series HC35W45R2 5MP IR mini dome
clear | Honeywell 60 Series HC60WB5R2 5MP bullet
clear | Honeywell 70 Series HC70WZ2R30 2MP PTZ
clear | Honeywell MAXPRO NVR SE 8 channel
clear | Honeywell equIP HBW2GR1V 2MP bullet
clear | Speco O4VB2 4MP IR bullet NDAA compliant
clear | Speco Technologies O8T9 8MP turret camera
clear | Speco N8NRE 8 channel NVR
clear | Digital Watchdog DWC-MV75WiATW MEGApix 5MP dome
clear | Digital Watchdog DW-VA1P1656T VMAX A1 Plus recorder
clear | DW Blackjack DW-BJDX5136T cube server
clear | Digital Watchdog DWC-V7553TIR Star-Light HD-TVI bullet
clear | FLIR FC-632-ID thermal camera
clear | Teledyne FLIR Quasar CM-3304-11-I dome
clear | FLIR TrafiSense2 traffic detector
clear | EverFocus EZN1240-SG outdoor bullet
clear | Everfocus eZ.HD DVR EPHD08+
clear | IDIS DC-D4236WRX 2MP dome
clear | IDIS DR-8416 32 channel NVR
clear | Illustra Pro Gen4 IPS02-D13-OI04 dome
clear | American Dynamics VideoEdge ADVER12R5N2D recorder
clear | Vicon V992D-W49MIR dome
clear | Canon VB-H47 PTZ camera
clear | Grandstream GXV3610_FHD dome
clear | D-Link DCS-4802E outdoor dome
clear | Costar CDIR2812 dome camera
clear | exacqVision A-Series 1608-16T-2A recorder
clear | Eagle Eye Networks Bridge 401
clear | Genetec Streamvault SV-1010E appliance
clear | Synology BC500 bullet camera
clear | Wyze Cam v3
clear | Ring Stick Up Cam Pro
clear | Arlo Pro 4 spotlight camera
clear | Google Nest Cam outdoor
clear | eufy SoloCam S340
clear | Foscam R4M indoor camera
clear | Infinova VT210-A23E-A0 camera
clear | Merit LILIN P5R8822E2 4K dome
clear | Dallmeier Panomera S8 camera
clear | Motorola V300 body-worn camera
clear | Axon Body 3 camera
clear | Zyxel GS1920-24HP switch
clear | Cisco Catalyst C9200L-24P-4G-E switch
clear | Netgear GS728TPPv2 24 port PoE smart switch
clear | Aruba 2930F 24G PoE+ switch JL255A
clear | Ubiquiti UniFi USW-24-POE switch
clear | Dell PowerEdge R740 server for video recording
clear | MikroTik hAP ac2 router
clear | Motorola XPR 7550e portable two-way radio
beside | hard disk 8TB
beside | Western Digital WD84PURZ Purple 8TB surveillance HDD
beside | Seagate SkyHawk ST8000VX004 8TB
beside | SanDisk 128GB microSD card
beside | annual maintenance
beside | Annual preventive maintenance and support, CCTV system, year 2
beside | Installation labour, 2 technicians, per day
beside | Labor - install and terminate camera drops
beside | Programming and commissioning
beside | System training, 4 hours
beside | Project management
beside | Shipping and handling
beside | Lift rental, one week
beside | Milestone XProtect Corporate device licence XPCODL
beside | Genetec Security Center Omnicast Enterprise camera connection GSC-OM-E-1C
beside | Hanwha Wisenet WAVE-PRO-04 4 channel licence
beside | exacqVision Professional EVIP-01 IP camera license
beside | Avigilon ACC7-ENT Enterprise camera channel license
beside | Verkada LIC-CAM-1Y camera license 1 year
beside | Meraki LIC-MV-3YR license
beside | Digital Watchdog DW-SPECTRUMLSC001 recording licence
beside | Axis T94N01D pendant kit
beside | AXIS T91B47 pole mount 50-150 mm
beside | Hikvision DS-1273ZJ-130-TRL wall mount bracket
beside | Dahua PFA130-E junction box
beside | Hanwha SBP-300WMW1 wall mount
beside | Bosch NDA-U-PA4 mast adapter
beside | Pelco WMVE-SW wall mount
beside | Cat6 UTP cable, 305 m box, blue
beside | RG59 siamese cable 1000 ft
beside | Fibre patch lead LC-LC 2 m
beside | Conduit and fittings
beside | APC Smart-UPS 1500 VA rack mount
beside | 12V 5A power supply
beside | AXIS T8120 15W midspan
beside | 43" LED monitor for control room
beside | Pole, 6 m, galvanised
beside | CCTV warning signs A4
beside | Junction box for DS-2CD2143G2-I
beside | Extended warranty 3 years for Axis Q6135-LE
beside | Antenna, 4G, magnetic mount
beside | 24 port patch panel Cat6
"""


def status_row(text: str) -> StatusRow:
    status, description, brand, model = ([cell.strip() for cell in text.split("|")] + ["", ""])[:4]
    return StatusRow(status, description, brand or None, model or None)


STATUS_ROWS: Final = tuple(status_row(text) for text in _ROWS.strip().splitlines())
