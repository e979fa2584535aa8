"""Two more lists of order lines, and whether section 889 covers who makes what they ask for.

What a row is, `order_status_table` says.
"""

from __future__ import annotations

from typing import Final

from .order_status_table import status_row

#: A second list, written after the first was measured and before what it showed was mended: more
#: labels, and orders that have brand and model in columns of their own.
_SECOND: Final = """
covered | 8 MP Smart Hybrid Light bullet | Hikvision | DS-2CD2T87G2H-LIU
covered | 4 MP AcuSense turret | Hikvision Digital Technology | DS-2CD2343G2-IU
covered | Turbo HD 5MP dome | HIKVISION | DS-2CE56H0T-ITMF
covered | PTZ camera 2MP 25X | Hikvision | DS-2DE4225IW-DE(T5)
covered | Network camera dome 6MP | HiLook | IPC-D160H
covered | Wi-Fi camera | EZVIZ | CS-H3C
covered | Bullet 4MP | HiWatch | HWI-B140H
covered | WizSense eyeball 4MP | Dahua Technology | IPC-HDW2441TM-S
covered | Full-color bullet 5 MP | Dahua | DH-IPC-HFW2549S-S-IL
covered | HDCVI dome | Dahua | HAC-HDW1500TLMQ-A
covered | PTZ 4MP 25x | Dahua | SD5A425GB-HNR
covered | Rex 3D 5MP indoor camera | IMOU | IPC-GS2DP-5K0W
covered | Security camera, 4K | Lorex | E896AB
covered | 2K battery doorbell | Lorex | B463AJ
covered | Outdoor bullet 4MP | Amcrest | IP4M-1051B
covered | 8MP turret | EmpireTech | IPC-Color4K-T180
covered | 2 MP IR dome | CP PLUS | CP-UNC-DA21L3-V5
covered | IP camera dome 2MP | Honeywell | HED2PER3
covered | 8 channel NVR Performance series | Honeywell | HEN08104
covered | Camera 4MP IR turret | LTS | CMIP3C42W-28MDA
covered | 4MP bullet | TruVision | TVGP-M01-0401-BUL-G
covered | Supply of Hikvision dome cameras DS-2CD2143G2-IS, qty 40
covered | 40 x DS-2CD2346G2-I
covered | Supply and install Dahua IPC-HDBW5442R-ASE dome camera
covered | Replace faulty PTZ with Hikvision DS-2DE5425IW-AE
covered | NVR 32ch: Dahua NVR5432-EI, 4 x 8TB
covered | Dahua 4MP varifocal dome (IPC-HDBW3441R-ZS)
covered | "HIKVISION" IP Camera Model: DS-2CD1043G2-LIU
covered | Camera,Network,Dome,4MP,Hikvision DS-2CD2147G2-SU
covered | IP CAMERA 2MP BULLET DAHUA IPC-HFW1230S-S5
covered | CCTV 16CH DVR HIKVISION
covered | Hikvision ANPR camera iDS-2CD7A46G0/P-IZHS
covered | Huawei eKitEngine S220-24P4X switch
covered | Huawei Holowits M2241-QL bullet
covered | Hytera BP515 DMR radio, qty 10
covered | ZTE MC801A 5G router
open | 5MP turret camera | InVid Tech | VIS-P5TXIRA28
open | 4MP dome | InVid Tech | ELEV-P4DRXIR28
open | 8MP dome | ClareVision | CLR-V200-8T28
open | Bullet 4MP | OpenEye | OE-C3014
open | IP dome | W Box | WBXID28MM4W
open | Doorbell camera | Night Owl | WDB-20
open | 4K bullet add-on camera | Swann | NHD-887MSB
open | Bullet | ENS Security | ENSC-SIP48B3/28
open | NVR 16 channel | Northern Video | N2NVR16POE
open | dome camera 5MP | KT&C | KNC-p5DR28IR
open | 4MP turret | Safire | SF-IPT943WH-4E
open | IP mini dome | Grundig | GD-CI-AC2617D
open | 8MP bullet | Annke | I81EA
open | camera | Inaxsys | IN-IPM4M
open | IP Camera bullet 4MP | Nelly's Security | NSC-304-BR
open | IP camera 5MP | Panasonic | K-EF234L01
open | Unbranded 5MP AHD camera
open | CCTV system, 16 cameras, turnkey
open | Security camera | Generic | X-99
open | PTZ camera, 30x zoom, or approved equal
clear | Outdoor-ready fixed dome | Axis Communications | P3268-LVE
clear | Bullet-style camera | AXIS | Q1798-LE
clear | Panoramic camera | Axis | M4308-PLE
clear | Modular camera | Axis | F4105-LRE
clear | Body worn camera | Axis | W120
clear | 4K fixed dome | Hanwha Vision | PNV-A9081R
clear | 2MP bullet | Hanwha Vision | ANO-L6012R
clear | AI PTZ | Hanwha Techwin | XNP-6400RW
clear | 16MP multi sensor | Hanwha | PNM-C16013RVQ
clear | 8 channel NVR | Hanwha Vision | QRN-830S
clear | Fixed dome 2MP HDR | Bosch | NDE-3702-AL
clear | Fixed bullet 8 MP | Bosch Security Systems | NBE-7704-ALX
clear | PTZ 4MP | Bosch | NDP-7604-Z12L
clear | 8MP H6SL dome | Avigilon | 8.0C-H6SL-D1-IR
clear | Fisheye | Avigilon | 12.0W-H5A-FE-DO1-IR
clear | 3MP environmental bullet | Pelco | IBP331-1ER
clear | AI bullet | i-PRO | WV-S15500-V3L
clear | Dome 5MP indoor | i-PRO | WV-S22500-V3L1
clear | Compact dome | Panasonic | WV-U2142L
clear | Fisheye 12MP | VIVOTEK | FE9391-EV-v2
clear | Dome 5MP | Vivotek | FD9369
clear | Box camera | Mobotix | MX-S74A
clear | Turret 8MP | GeoVision | GV-TDR8805
clear | Dome | ACTi | VMGB-602
clear | Zoom bullet | ACTi | A416
clear | 4MP IR dome | March Networks | VA5 IR Dome
clear | Dome 5MP 512GB | Verkada | CD53-512E-HW
clear | PTZ | Verkada | CP52-E
clear | Fisheye | Rhombus | R360
clear | Bullet | Cisco Meraki | MV93X-HW
clear | G6 Bullet | Ubiquiti | UVC-G6-Bullet
clear | AI PTZ | Ubiquiti Networks | UVC-AI-PTZ
clear | 12MP turret | Reolink | RLC-1224A
clear | Duo 3 PoE | Reolink | Duo 3 PoE
clear | 4K PTZ | Reolink | RLC-823A 16X
clear | 4MP turret | TP-Link | VIGI C440I
clear | 8MP bullet | TP-Link VIGI | VIGI C385
clear | 5MP vandal mini dome | Milesight | MS-C5375-FPE
clear | AI motorized bullet | Milesight | MS-C8266-FPE
clear | 4MP turret | Uniview | IPC3614LE-ADF28K-G
clear | 8MP PTZ | UNV | IPC6658SR-X25-VF
clear | 4MP bullet | Uniarch | IPC-B124-APF40
clear | 5MP dome | Tiandy | TC-C35KS
clear | IP dome 5MP | TVT | TD-9555E3
clear | 5MP turret | Sunell | SN-IPV8050OAR-Z
clear | 8MP dome IR | AVYCON | AVC-NLV81M
clear | 5MP bullet | LILIN | P5R6552E2
clear | Panomera | Dallmeier | S4 Topline
clear | 5MP dome | Vicon | V2005D-W
clear | Dome | Illustra | IFS04-D12-OT03
clear | Pro dome | Illustra | IPS08D3ISWTT
clear | 5MP bullet | Honeywell | HC60W35R2
clear | 4MP PTZ | Honeywell | HC70WZ4R30
clear | dome 5MP | Honeywell | HC35W45R3
clear | NVR 16 channel 35 series | Honeywell | HN35160200
clear | MEGApix CaaS 5MP | Digital Watchdog | DWC-MV85WiATW
clear | MEGApix 4MP bullet | Digital Watchdog | DWC-MB44WiATW
clear | Dome 4MP | Speco Technologies | O4D9M
clear | Turret 5MP | Speco | O5T1MG
clear | 8MP bullet | Luma | LUM-820-IP-BMHB
clear | ezIP camera | EverFocus | EVN1550
clear | 5MP dome | IDIS | DC-D4537RXA
clear | dome 5MP | eneo | IPD-75M2812M0A
clear | Bullet | Bolide | BN8029AI
clear | Network camera | Canon | VB-M46
clear | dome 2MP | Sony | SNC-VM772R
clear | thermal | FLIR | FC-632 ID
clear | multisensor | FLIR | CM-3308
clear | Door station | 2N | IP Verso
clear | Video door station | Akuvox | R29C
clear | Turret | Ajax | TurretCam 5 MP
clear | 4K camera | Arlo | VMC5040
clear | Spotlight Cam | Ring | Spotlight Cam Plus
clear | Floodlight cam | eufy | T8423
clear | TC500 turret | Synology | TC500
clear | Dome | Grandstream | GSC3610
clear | 3MP bullet | Arecont Vision | AV03CLB-200
clear | 20 x Axis M3085-V dome camera, ceiling mount
clear | Supply and install Hanwha QNV-C8083R 5MP dome, including labour
clear | Fixed dome camera Bosch FLEXIDOME 5100i (NDE-5703-AL)
clear | CAMERA, NETWORK, OUTDOOR, AXIS Q3538-LVE
clear | NVR, 64 CH, HANWHA WRN-1632S
clear | Verkada CD43-E outdoor dome camera with 3 year licence
clear | Axis camera kit: 4 x Axis M2035-LE and Axis S3008 recorder 2TB
clear | Extreme Networks X440-G2-24p-10GE4 switch
clear | HPE Aruba CX 6100 24G PoE switch
clear | Juniper EX2300-24P
clear | Kenwood NX-1300 two-way radio
beside | AXIS TP3201-E recessed mount
beside | Hanwha SLA-5M3700Q lens
beside | Dahua PFB203W wall mount
beside | Surveillance drive 4TB | Seagate | ST4000VX016
beside | Surveillance HDD 10TB | Western Digital | WD101PURP
beside | Camera licence | Milestone | XPEXPLUSDL
beside | ACC 7 Enterprise licence | Avigilon | ACC7-ENT
beside | Cat6A cable 1000ft plenum, white
beside | RJ45 connectors, bag of 100
beside | PoE injector 60W
beside | Surge protector, Ethernet
beside | Corner mount adapter | Hanwha Vision | SBP-300KMW1
beside | Pendant cap | Axis | T94K02D
beside | Electrical labour, 16 hours
beside | Network configuration and testing
beside | Mobilisation
beside | Travel expenses
beside | 3 year SMA, Milestone XProtect
beside | Freight
beside | Removal and disposal of existing cameras
beside | UPS 3000VA rack
beside | 42U cabinet
beside | Backbox for dome
beside | Keyboard controller joystick
"""

#: A third list, written after the second was mended, and not tuned to.
_THIRD: Final = """
covered | HIK DS-2CD2047G2-LU 4MM ColorVu bullet, white
covered | (12) Hikvision DS-2CD2185FWD-I 8MP dome @ $189.00
covered | Hikvision NVR DS-7608NI-Q2/8P w/ 4TB HDD
covered | Kit, Hikvision 8ch NVR + 6 x DS-2CD2343G2-I turret cameras + 2TB
covered | CAM-HIK-DS-2CD2T45FWD-I8
covered | iDS-2DE7A412IW-AEB(T5) Hikvision DeepinView PTZ
covered | DS-2XS6A46G1-IZS/C36S80 solar 4G camera kit
covered | Hikvision DS-MH2311 body worn
covered | Hikvision DS-6904UDI decoder
covered | Hikvision DS-D5043UC-C 43in monitor
covered | HikCentral Professional 64 channel licence
covered | Hikvision DS-3E0310P-E/M 8 port PoE switch
covered | Dahua DHI-ITC415-PW6M-IZ-GN ANPR camera
covered | Dahua XVR1B16-I 16 channel penta-brid
covered | DH-IPC-PDBW5831-B360 panoramic
covered | NK52BQ6Z Dahua kit, 4 ch NVR with 4 cameras
covered | DHI-ASI7213X-T1 face recognition terminal
covered | Dahua DSS Pro base licence
covered | EZVIZ BC1C battery camera with base, twin pack
covered | Ezviz CS-C8PF dual lens
covered | HiLook TVI kit: DVR-204G-F1 with 4 THC-T120-P
covered | Lorex E841CA-E 4K dome
covered | Lorex Fusion NVR N864A64B 16 channel
covered | Amcrest ProHD IP2M-841B pan/tilt
covered | Amcrest AMDV5M16 16ch DVR
covered | LTS PTZIP982W-X25IR 2MP PTZ
covered | Interlogix TVB-5501 TruVision bullet
covered | TruVision TVR 12HD, 8 channel
covered | Luma LUM-310-DOM-IP-WH
covered | Honeywell HBD8PR1 8MP dome
covered | Honeywell HEN32104 32 ch NVR
covered | Huawei AR129 router
covered | Huawei AirEngine 5761-11 access point
covered | ZTE F660 ONT
covered | Hytera RD985 repeater
open | LTS NDAA turret 4MP
open | Swann SODVK-845808 kit
open | Night Owl BTD8 8 channel DVR with 4 cameras
open | ClareVision Plus 4MP dome
open | InVid ULT-ALLPTZ PTZ
open | Alarm.com ADC-V724X outdoor camera
open | ADT dome camera
open | Vivint outdoor camera pro
open | SCW The Imperial 8.0 turret
open | Northern 8MP dome IP8VFW
open | Zosi C190 8MP PoE camera
open | 4K camera, manufacturer's standard
open | LaView 8ch NVR kit
open | Camera as existing, replace
open | NVR upgrade
clear | Axis Q1656-LE box cam 4MP
clear | AXIS P3827-PVE panoramic
clear | Axis 02332-001 (P1467-LE)
clear | (6) AXIS P3248-LV @ 612.00 ea
clear | Axis P5655-E 50Hz PTZ c/w T91L61 mount
clear | Hanwha XND-8082RV vandal dome + SBP-137WM1 bracket
clear | Hanwha SNV-L6083R
clear | HANWHA QNO-C9083R 4K AI bullet
clear | Wisenet XRN-6410DB4 64CH NVR 48TB
clear | Hanwha Vision TNM-C3620TDR bi-spectrum thermal
clear | Bosch NBN-73023BA box camera starlight
clear | Bosch NPE-3702-F03L
clear | Bosch VIDEOJET multi 4000 encoder
clear | Avigilon 2.0C-H5A-PTZ-DP36
clear | Avigilon H4 multisensor 15C-H4A-3MH-180
clear | Avigilon 3.0C-H5SL-BO2-IR bullet 10.9-29mm
clear | Ava 5MP dome 30 days onboard
clear | Pelco IMP1110-1ERS
clear | Pelco Esprit Enhanced ESP1-302
clear | i-PRO WV-S66600-Z3L PTZ
clear | i-PRO WV-S8574L 4x4K multi directional
clear | iPro WV-B54300-F3L
clear | Panasonic WV-S1536L bullet
clear | Vivotek SD9384-EHL speed dome
clear | Vivotek ND9541P recorder
clear | MOBOTIX c71 hemispheric indoor
clear | Mobotix S74 with two sensor modules
clear | GV-BX8700-FD GeoVision box camera
clear | GeoVision GV-PTZ5810-IR
clear | ACTi B911 PTZ 2MP
clear | Verkada CY53-E trailer camera
clear | Verkada CP63-E PTZ
clear | Verkada Command Connector CC500-8TB
clear | Rhombus R600 panoramic
clear | Meraki MV13M dome
clear | Meraki MV-2 flex camera
clear | Ubiquiti UVC-AI-Turret
clear | UniFi G5 Pro camera
clear | UNVR 4 bay UniFi recorder
clear | Reolink E1 Outdoor Pro
clear | Reolink Argus 4 Pro solar
clear | Reolink CX410 ColorX
clear | VIGI S345-4G camera
clear | TP-Link VIGI C330 bullet 3MP
clear | Milesight MS-C2966-RFIPE 4G solar
clear | UNV IPC3234SR-DVZ28 4MP vandal dome
clear | Uniview NVR504-32B-P16
clear | Tiandy TC-H326S PTZ
clear | TVT TD-3332B4-16P-A2
clear | Honeywell HC30WE5R3 eyeball
clear | Honeywell HC60W45R4 dome 5MP
clear | Honeywell HN30160401 16ch NVR, 8TB
clear | Illustra Flex Gen 3 2MP indoor mini-dome IFS02-D10-OT03
clear | Digital Watchdog DWC-PVX20WATW multi-sensor
clear | DWC-MVT5WiA MEGApix turret 5MP
clear | FLIR PT-602CZ HD
clear | EverFocus EQN2200 bullet
clear | IDIS DC-T6233HRX bullet
clear | IDIS DirectIP DR-2516P NVR
clear | Vicon SN663V-A dome
clear | Canon VB-S905F
clear | Sony SRG-X120 PTZ
clear | Grandstream GSC3615
clear | Panomera multifocal | Dallmeier | W8
clear | Arecont Vision AV20275DN-08
clear | Costar Arecont AV10655DN-28
clear | March Networks CA2 mini dome
clear | exacqVision Z-Series server 4U
clear | Google Nest Cam (battery) 2 pack
clear | Blink Outdoor 4 three camera kit
clear | Wyze Cam OG
clear | 2N Solo intercom
clear | Cisco CBS350-24P-4G switch
clear | Ubiquiti USW-Pro-48-POE
clear | Netgear M4250-26G4F-PoE+
clear | TRENDnet TPE-TG262 PoE switch
beside | AXIS T8504-R industrial PoE switch accessories kit
beside | 02031-001 AXIS TM3812 tamper cover, 5 pcs
beside | Hikvision DS-1604ZJ corner mount bracket
beside | HDD 4 TB for NVR
beside | Micro SD 256 GB high endurance
beside | Cable run, Cat6, per camera location
beside | Installation, per camera
beside | Commissioning engineer, 1 day
beside | Lens, 12-50 mm, CS mount
beside | Smoked dome cover
beside | Verkada 5-year cloud licence LIC-CAM-5Y
beside | Genetec Advantage for 1 camera, 1 year
beside | ISS SecurOS licence
beside | 19in rack shelf 2U
beside | Fibre media converter
beside | As-built drawings
beside | Permit fees
beside | Bucket truck, daily hire
beside | Battery backup 650VA
beside | HDMI cable 5 m
"""

SECOND_STATUS_ROWS: Final = tuple(status_row(text) for text in _SECOND.strip().splitlines())
THIRD_STATUS_ROWS: Final = tuple(status_row(text) for text in _THIRD.strip().splitlines())
