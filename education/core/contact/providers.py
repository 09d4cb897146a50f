"""Domains of well-known mail providers. An address at one of them is never taken for a typing error.

Each line: a name and the endings under which it gives out addresses.
"""

BY_NAME = """
gmail com
googlemail com co.uk
yahoo com ca co.uk fr de es it ie in co.in co.id co.jp co.kr co.nz co.th co.za com.ar com.au com.br com.cn com.co
yahoo com.hk com.mx com.my com.pe com.ph com.sg com.tr com.tw com.ve com.vn at be bg ch cl cn cz dk ee fi gr hk hr
yahoo hu lt lv
yahoo nl no pl pt ro rs ru se sg si sk
ymail com
rocketmail com
myyahoo com
hotmail com ca co.uk fr de es it be ch at dk fi gr hu nl no pt ro rs ru se sg cl cz lt lv my ph sk si
hotmail com.ar com.au com.br com.hk com.mx com.tr com.tw com.vn co.id co.il co.in co.jp co.kr co.nz co.th co.za
live com ca co.uk co.za co.in co.jp co.kr com.ar com.au com.mx com.my com.ph com.pt com.sg fr de it be nl no se dk
live at ch cl cn fi hk ie in jp pt ru
outlook com ie fr de es it at be bg cl cz dk hu in jp kr lv my ph pt ro sa sg sk co.id co.il co.th com.ar
outlook com.au com.br com.gr com.tr com.vn
msn com
passport com
windowslive com
icloud com
me com
mac com
aol com co.uk de fr it es at be ca ch cl cz dk fi hk hu in jp kr nl no nz pl pt se sg tw com.au com.br com.mx co.nz
aim com
mail com de ru ee
email com cz de it
gmx com net de at ch us co.uk fr es org info biz
web de
freenet de
t-online de
arcor de
posteo de net org eu
mailbox org
tutanota com de
tuta io com
protonmail com ch
proton me
pm me
fastmail com fm
hey com
zoho com eu in
zohomail com eu in
yandex com ru ua by kz com.tr
ya ru
inbox ru lv lt com eu
bk ru
list ru
rambler ru
ukr net
i ua
seznam cz
centrum cz sk
volny cz
azet sk
zoznam sk
wp pl eu
o2 pl co.uk ie
onet pl eu com.pl
interia pl eu
op pl
poczta onet.pl fm
freemail hu
citromail hu
indamail hu
t-online hu
abv bg
mail bg
net hr com
siol net
telenet be
skynet be
proximus be
ziggo nl
kpnmail nl
kpnplanet nl
planet nl
home nl
hetnet nl
xs4all nl
bluewin ch
sunrise ch
hispeed ch
chello at nl hu
aon at
orange fr es
wanadoo fr es nl
free fr
laposte net
sfr fr
neuf fr
bbox fr
numericable fr
libero it
virgilio it
alice it
tiscali it co.uk
tin it
telefonica net
terra es com com.br
movistar es
ono com
sapo pt
iol pt
clix pt
telia com
comhem se
bredband net
spray se
online no
getmail no
jubii dk
stofanet dk
luukku com
kolumbus fi
saunalahti fi
eircom net
btinternet com
btopenworld com
talktalk net
sky com
blueyonder co.uk
virginmedia com
virgin net
ntlworld com
plusnet com
plus com
zen co.uk
uwclub net
comcast net
verizon net
att net
sbcglobal net
bellsouth net
pacbell net
ameritech net
swbell net
snet net
prodigy net
cox net
charter net
spectrum net
roadrunner com
rr com
twc com
earthlink net
mindspring com
juno com
netzero net com
optonline net
optimum net
frontier com
frontiernet net
centurylink net
centurytel net
embarqmail com
q com
windstream net
suddenlink net
mediacombb net
cableone net
sympatico ca
bell net
bellnet ca
rogers com
shaw ca
telus net
videotron ca
eastlink ca
cogeco ca
bigpond com net.au com.au
optusnet com.au
iinet net.au
internode on.net
tpg com.au
dodo com.au
ozemail com.au
westnet com.au
xtra co.nz
slingshot co.nz
vodafone co.nz
rediffmail com
indiatimes com
sify com
vsnl com net
qq com
163 com
126 com
sina com cn
sohu com
naver com
daum net
hanmail net
nate com
docomo ne.jp
ezweb ne.jp
softbank ne.jp
uol com.br
bol com.br
ig com.br
globo com
prodigy net.mx
mweb co.za
telkomsa net
vodamail co.za
webmail co.za
walla com co.il
netvision net.il
hush com
hushmail com
lavabit com
runbox com
disroot org
riseup net
mailfence com
startmail com
duck com
lycos com
excite com
usa net com
myself com
writeme com
"""

MAIL_DOMAINS = frozenset(
    f"{name}.{ending}" for name, *endings in map(str.split, BY_NAME.strip().splitlines()) for ending in endings
)
# What is proposed, the most used first: of two equally near, the first one.
POPULAR = (
    *("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "live.com", "msn.com"),
    *("yahoo.co.uk", "hotmail.co.uk", "googlemail.com", "comcast.net", "btinternet.com", "protonmail.com"),
    *("verizon.net", "sbcglobal.net", "bellsouth.net", "rocketmail.com", "ymail.com", "outlook.fr", "hotmail.fr"),
    *("yahoo.fr", "orange.fr", "wanadoo.fr", "gmx.de", "web.de", "t-online.de", "freenet.de", "bigpond.com"),
    *("yahoo.com.au", "yahoo.ca", "hotmail.ca", "live.ca", "sympatico.ca", "yahoo.co.in", "rediffmail.com"),
)
