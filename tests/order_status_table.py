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


def _row(text: str) -> StatusRow:
    status, description, brand, model = ([cell.strip() for cell in text.split("|")] + ["", ""])[:4]
    return StatusRow(status, description, brand or None, model or None)


STATUS_ROWS: Final = tuple(_row(text) for text in _ROWS.strip().splitlines())
SECOND_STATUS_ROWS: Final = tuple(_row(text) for text in _SECOND.strip().splitlines())
THIRD_STATUS_ROWS: Final = tuple(_row(text) for text in _THIRD.strip().splitlines())
