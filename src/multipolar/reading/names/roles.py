"""Words for those who act: nouns with their PLOVER sector, titles, and names that are ordinary words too.

Nouns are kept in the singular and lower case; `sector_of` also knows their plurals.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from multipolar.reading.names.spelling import words

_WRITTEN: Final = {
    "GOV": """president|vice president|prime minister|premier|deputy prime minister|chief minister|minister|ministry
        |deputy minister|foreign minister|foreign secretary|foreign ministry|interior minister|finance minister|finance
        ministry|interior ministry|home secretary|secretary of state|attorney general|chancellor|government|goverment|cabinet
        |administration|regime|junta|authority|governor|governorate|deputy governor|vice governor|mayor|deputy mayor|king
        |queen|prince|princess|crown prince|emperor|monarch|monarchy|sultan|emir|sheikh|royal family|royal court|ambassador
        |embassy|consulate|consul|consul general|high commissioner|high commission|envoy|special envoy|diplomat|diplomatic
        mission|official|spokesman|spokeswoman|spokesperson|press secretary|chief of staff|adviser|advisor|negotiator|head of
        state|head of government|leader|leadership|supreme leader|ruler|dictator|statesman|department|agency|central
        bank|bureau|commission|commissioner|council of ministers|city council|town hall|municipality|state government|local
        government|provincial government|civil servant|bureaucrat|technocrat|tax authority|customs|customs service|treasury
        |state media regulator|electoral commission|election commission|regulator|prefect|secretary|first lady|first secretary|
        taoiseach|ombudsman|inspector general|auditor general|delegation|delegate|emissary|interlocutor|minister of state|state
        secretary|undersecretary|under secretary|permanent representative|representative|kremlin|councilor|councillor|chief
        executive|oblast|county commissioner|space agency|immigration service|public servant|politburo|central committee""",
    "MIL": """army|military|armed force|force|troop|soldier|navy|air force|airforce|marine|marine corps|coast guard|
        national guard|paratrooper|commando|special force|general|major general|lieutenant general|brigadier|brigadier
        general|colonel|colonel general|lieutenant colonel|major|captain|lieutenant|sergeant|corporal|admiral|rear admiral|vice
        admiral|marshal|field marshal|commander|commander in chief|chief of general staff|general staff|chief of army
        staff|army chief|defence chief|defense chief|officer|army officer|conscript|reservist|recruit|serviceman|servicewoman
        |service member|sailor|airman|pilot|gunner|sniper|battalion|brigade|division|regiment|platoon|squadron|fleet|flotilla
        |warship|destroyer|frigate|submarine|carrier|aircraft carrier|warplane|fighter jet|bomber|jet|helicopter|drone|tank
        |artillery|infantry|defence force|defense force|defence ministry|defense ministry|ministry of defence|ministry of
        defense|defence minister|defense minister|defence secretary|defense secretary|peacekeeper|garrison|border guard|navy
        ship|naval vessel|naval force|ground force|security force|missile|joint chief|gendarme|veteran""",
    "COP": """police|police officer|policeman|policewoman|police station|police force|police chief|riot police|secret
        police|cop|constable|detective|sheriff|investigator|inspector|immigration inspector|border patrol|border
        police|immigration officer|immigration agent|customs officer|law enforcement|prison guard|prison warden|gendarmerie|
        constabulary|federal agent|anti drug agency|traffic police|police commissioner|jailer|prison service|prison
        authority|correction officer|security service|security guard|security agent|security official""",
    "SPY": """intelligence|intelligence agency|intelligence service|intelligence officer|intelligence
        official|intelligence chief|spy|spy agency|spy chief|secret service|secret agent|spymaster|double
        agent|counterintelligence|military intelligence agency|military intelligence|intelligence agent|mole""",
    "REB": """rebel|rebel group|rebel leader|insurgent|insurgency|guerrilla|guerilla|militant|militant group|separatist
        |secessionist|jihadist|jihadi|islamist militant|islamist|mujahideen|mujahid|freedom fighter|rebel
        fighter|fighter|terrorist|terror group|terrorist group|terrorist organization|suicide bomber|resistance
        fighter|extremist|armed opposition|liberation movement|liberation army|armed group|warlord|coup plotter|mutineer|
        putschist""",
    "PRM": """paramilitary|paramilitary group|paramilitary organization|paramilitary organisation|militia|
        militiaman|militia member|vigilante|vigilante group|self defense force|self defence force|death squad|self defense
        group|self defence group""",
    "UAF": "gunman|armed man|assailant|attacker|mercenary|unidentified gunman|armed assailant|private military company|raider",
    "OPP": """opposition|opposition leader|opposition party|opposition group|opposition figure|opposition
        politician|dissident|protester|protestor|demonstrator|activist|protest movement|pro democracy activist|political
        prisoner|rioter|striker|marcher|campaigner|exile leader|government critic|antigovernment protester|picketer|
        opposition activist|opposition candidate|opposition supporter""",
    "PTY": """party|political party|ruling party|party leader|party member|candidate|presidential candidate|senate
        hopeful|hopeful|politician|party chairman|party official|nominee|presidential hopeful|presidential
        contender|contender|socialist|communist|liberal|conservative|republican|democrat|faction|coalition""",
    "LEG": """parliament|parliamentarian|lawmaker|legislator|legislature|legislative body|legislative council|
        senator|senate|congressman|congresswoman|congress|member of parliament|mp|deputy|house|house of representative|speaker|
        speaker of parliament|assembly|national assembly|lower house|upper house|house speaker|opposition
        lawmaker|congressional group|congressional committee|parliamentary committee|senate committee|majority leader|minority
        leader|assemblyman|mep|knesset member|parliamentary group|diet|representative council""",
    "JUD": """court|supreme court|high court|constitutional court|appeal court|court of appeal|appeals court|judge|
        justice|chief justice|magistrate|prosecutor|public prosecutor|prosecutor general|state prosecutor|chief
        prosecutor|prosecution|tribunal|judiciary|jury|juror|prosecutor office|grand jury|justice system|district
        attorney""",
    "JRN": """journalist|reporter|correspondent|newspaper|daily|weekly|magazine|news agency|broadcaster|television|
        television station|tv station|tv channel|radio station|radio|media|press|editor|columnist|blogger|cameraman|
        photographer|state media|state television|state tv|news outlet|anchor|presenter|news service|media outlet""",
    "BUS": """company|firm|business|businessman|businesswoman|business leader|corporation|bank|banker|airline|oil
        company|energy company|manufacturer|exporter|importer|trader|investor|ceo|chief executive officer|executive|
        entrepreneur|oligarch|tycoon|billionaire|industrialist|retailer|producer|contractor|conglomerate|automaker|carmaker
        |chipmaker|shipping company|shipper|shipowner|tanker|stock exchange|chamber of commerce|employer|utility|operator|
        factory|refinery|hedge fund|lender|insurer|startup|telecom company|drugmaker|merchant""",
    "EDU": """university|college|school|teacher|professor|lecturer|academic|student|pupil|schoolchild|schoolgirl|
        schoolboy|scholar|researcher|scientist|think tank|institute|academy|faculty|headmaster|rector|historian|
        economist|political scientist|expert|analyst|educator""",
    "MED": """doctor|physician|nurse|hospital|surgeon|medic|paramedic|ambulance|clinic|health worker|medical worker|
        health official|medical service|health service|health ministry|health minister|medical association|pharmacist|
        midwife|epidemiologist|patient|medical team""",
    "NGO": """ngo|non governmental organization|nongovernmental organization|charity|aid group|aid agency|aid
        worker|aid organization|relief agency|relief worker|humanitarian organization|humanitarian worker|foundation|red
        cross|red crescent|red crescent society|volunteer|nonprofit|humanitarian group|rescue worker|white helmet|aid
        convoy|monitoring group|war monitor|environmental group""",
    "SOC": """human right group|human right organization|human right league|right group|human right
        activist|human right defender|civil society|civil society group|advocacy group|civic group|citizen group|
        association|league|social movement|womens group|society""",
    "REL": """church|bishop|archbishop|cardinal|pope|priest|clergy|clergyman|cleric|imam|mullah|ayatollah|rabbi|
        monk|nun|pastor|patriarch|mufti|grand mufti|muslim|christian|buddhist|hindu|jew|catholic|protestant|sikh|religious
        leader|muslim leader|community leader|jewish community leader|missionary|mosque|synagogue|temple|monastery|diocese|
        evangelical|worshipper|preacher|theologian|pilgrim|sunni|shiite|shia|lama|chaplain|vicar""",
    "LAB": """union|labor union|labour union|trade union|worker|labor|labourer|laborer|miner|trade unionist|unionist|
        strike leader|truck driver|trucker|docker|dockworker|steelworker|autoworker|factory worker|migrant worker|staff|
        union leader|taxi driver|employee""",
    "AGR": "farmer|peasant|rancher|fisherman|herder|herdsman|pastoralist|farm worker|farm group|grower|fisher|shepherd",
    "CVL": """civilian|citizen|people|person|resident|villager|inhabitant|local|national|man|woman|child|girl|boy|
        family|mother|father|parent|voter|tourist|passenger|crowd|population|public|consumer|protesters relative|relative|
        victim|survivor|hostage|prisoner|detainee|inmate|captive|youth|teenager|baby|schoolchildren parent|actor|actress|singer
        |musician|artist|writer|author|poet|novelist|filmmaker|celebrity|athlete|footballer|player|team|fan|driver|lawyer|
        attorney|householder|homeowner|neighbor|neighbour|traveler|traveller|expatriate|settler|community|tribe|tribesman|
        clan|elder|tribal leader|tribal elder|ethnic group|minority|native|commuter|cyclist|whistleblower|hacker|supporter""",
    "REF": """refugee|migrant|asylum seeker|displaced person|internally displaced person|idp|immigrant|exile|refugee
        camp|evacuee""",
    "CRM": """criminal|gang|gang member|drug cartel|cartel|mafia|mobster|trafficker|drug trafficker|human
        trafficker|smuggler|syndicate|crime syndicate|car theft syndicate|drug lord|kidnapper|thief|robber|bandit|pirate|
        hijacker|murderer|killer|poacher|fraudster|organized crime group|crime group|gangster|gang confederation|drug dealer|
        hit man|drug gang|looter|arsonist""",
    "PRE": "breakaway state|breakaway region|breakaway republic|self proclaimed republic|separatist region|unrecognized state",
    "IGO": "international organization|international organisation|regional bloc|multilateral bank|bloc|alliance",
}  # fmt: skip


def _sectors() -> dict[str, str]:
    found: dict[str, str] = {}
    for sector, text in _WRITTEN.items():
        for noun in " ".join(text.split()).split("|"):
            if noun.strip():
                found.setdefault(noun.strip(), sector)
    return found


#: Nouns, in the singular, with their sector.
ROLES: Final = _sectors()
#: Heads whose sector is that of the noun before them.
_HEADS: Final = words("leader official chief representative commander secretary delegation")
_LONGEST: Final = max(len(noun.split()) for noun in ROLES)
_PLURALS: Final = {
    "men": "man", "women": "woman", "children": "child", "schoolchildren": "schoolchild", "people": "people",
    "police": "police", "troops": "troop", "policemen": "policeman", "policewomen": "policewoman",
    "marines": "marine", "police officers": "police officer", "media": "media", "crises": "crisis", "wives": "wife",
}  # fmt: skip
#: Words that say that an office is no longer held.
FORMER: Final = frozenset({"former", "ex", "retired", "ousted", "deposed", "late", "onetime", "erstwhile", "toppled"})
#: Pronouns and other words that name nobody by themselves.
PRONOUNS: Final = words(
    "he she it they him her them we us i you his its their this that these those who whom which someone somebody "
    "anyone everyone nobody none others some many both all each one another themselves himself itself"
)
#: Titles that stand before a surname.
TITLES: Final = words(
    "mr mrs ms miss dr prof sir dame lord lady president premier chancellor minister secretary senator sen rep congressman "
    "congresswoman representative governor gov mayor general gen lt lieutenant col colonel maj major capt captain sgt "
    "admiral adm marshal commander king queen prince princess pope sheikh sheik emir sultan ayatollah imam cardinal "
    "bishop archbishop judge justice ambassador envoy speaker chairman chairwoman director comrade chief spokesman "
    "spokeswoman spokesperson attorney prosecutor professor rabbi patriarch leader candidate brigadier vice deputy "
    "republican democrat democratic opposition former ex dictator strongman billionaire"
)
#: Words that begin sentences or join, and are no part of a name even with a capital.
PLAIN: Final = words(
    "a an the and or but nor so yet if then than when while where as at by for from in into of off on onto out over to up "
    "with within without under after before during since until till about against among between through across along "
    "around because although though unless whereas whether that this these those it its he she they we you i his her their "
    "our my your who whom whose which what why how there here now today yesterday tomorrow monday tuesday wednesday "
    "thursday friday saturday sunday january february march april june july august september october november december "
    "not no yes also only even both either neither all some many most more several few two three four five six seven eight "
    "nine ten is are was were be been being has have had do does did will would can could may might must shall should said "
    "says say told however meanwhile earlier later last next first second new old says like despite amid following according "
    "given asked speaking on once still just unlike"
)
#: Generic nouns of the names of bodies and places: they may stand in lower case, and after a country.
GENERIC: Final = words(
    "ministry department council court police army navy government party agency parliament senate assembly congress "
    "commission committee authority administration service services forces force guard corps bureau office embassy bank "
    "union alliance movement front group organization organisation university institute party cabinet security foreign "
    "supreme high constitutional national central general defence defense interior justice finance treasury intelligence "
    "border coast air fleet legislature house representatives lords commons deputies people state federal federation "
    "republic democratic islamic liberation province region district county oblast city village town river valley basin "
    "sea gulf strait peninsula island islands mountains border airport port base north south east west northern southern "
    "eastern western times post news radio television tv agency prime deputy premier tribunal prosecutor election "
    "electoral league society association federation company corporation airlines"
)
#: Names of states and cities that are given names or surnames too.
GIVEN: Final = words(
    "jordan chad georgia israel india chelsea paris sydney victoria florence charlotte austin dallas houston jackson lincoln "
    "madison santiago diego sofia milan kobe asia america ireland brooklyn savannah carolina virginia dakota montana troy "
    "adelaide regina valencia lourdes trinidad cuba hamilton washington london holland france english german roman kenya "
    "salvador lima leon jamal mercedes mali eden aurora alexandria malaga cordoba cairo orlando darwin wellington nelson "
    "melbourne kingston vienna geneva verona persia brittany sierra wales scotland england berlin poland norman francis "
    "santana toledo medina francisco luis jose juan carlos antonio miguel angeles denver carson raleigh columbus cleveland "
    "lansing pierre montgomery phoenix salem bethlehem nazareth jericho dominican mexico rome"
)
#: Those of them that stand before a surname, as given names do.
FIRST: Final = words(
    "jordan chad georgia paris sofia victoria santiago london florence sydney charlotte austin dallas jackson lincoln "
    "madison diego chelsea kobe brooklyn savannah dakota troy adelaide regina lourdes trinidad hamilton mercedes eden "
    "aurora leon jamal francisco luis jose juan carlos antonio miguel salvador nelson darwin orlando norman francis pierre "
    "phoenix alexandria carson denver cleveland vienna milan kingston"
)
#: Surnames so common that the table's only bearer need not be meant.
FREQUENT: Final = words(
    "mohammed mohamed muhammad ahmed ahmad ali hassan hussein khalid ibrahim abdullah ramadan omar mahmoud mustafa yusuf "
    "ismail said salem saleh abbas hamid rahman karim khan singh kumar sharma lee kim park wang li chen zhang liu nguyen "
    "tran smith jones williams johnson davis miller wilson moore taylor anderson thomas jackson harris martin thompson "
    "robinson clark lewis walker hall allen wright scott hill adams baker nelson carter mitchell roberts turner phillips "
    "campbell parker evans edwards collins stewart morris murphy rogers reed bailey bell garcia rodriguez martinez "
    "hernandez lopez gonzalez perez sanchez ramirez torres rivera cruz silva santos costa ferreira mueller schmidt "
    "schneider fischer weber meyer wagner becker dupont bernard dubois moreau laurent ivanov petrov smirnov kuznetsov rossi "
    "russo ferrari bianchi sessions meadows james george david daniel joseph john paul peter"
)
#: Surnames that are ordinary words, and may stand first in a sentence without being a name.
ORDINARY: Final = words("may major brown rice bush gates cook king price case young long white black green wall day")
#: Words after which "May" is the month.
MONTH_BEFORE: Final = words("in on of since until till by last next this early late mid during before after through")
#: Words before which a name that is an ordinary word too is a name.
SAYING: Final = words(
    "said says told is was has had will would met visited called warned urged vowed and also did accused announced"
)
#: Phrases that hold the name of a state or people and name no actor.
NO_ACTORS: Final = (
    "Indian Ocean", "South China Sea", "East China Sea", "Gulf of Mexico", "Gulf of Oman", "Gulf of Guinea", "Gulf of Aden",
    "Sea of Japan", "Persian Gulf", "Arabian Gulf", "Arabian Sea", "English Channel", "Irish Sea", "Philippine Sea",
    "Mozambique Channel", "Panama Canal", "Latin America", "Latin American", "Latin Americans", "South America",
    "South American", "South Americans", "North American", "North America", "North Americans", "Central America",
    "Central American", "Central Americans", "Native American", "Native Americans", "African American", "African Americans",
    "African-American", "African-Americans", "American Indian", "American Indians", "Guinea pig", "Guinea pigs",
    "French fries", "Russian roulette", "Chinese New Year", "Lunar New Year", "Turkish bath", "German shepherd",
    "Brussels sprouts", "Dutch oven", "Swiss cheese", "Spanish flu", "Scotch whisky", "Boston Marathon", "World Cup",
    "English language", "Arctic Ocean", "Pacific Ocean", "Atlantic Ocean", "Indo-Pacific", "Indo-European", "Anglo-Saxon",
    "Sea of Azov", "Bay of Bengal", "Taiwan Strait",
    "Korea Strait", "Korean Peninsula", "Bermuda Triangle", "Jordan River", "Jordan Valley", "Amu Darya", "Congo River",
    "Congo Basin", "Lake Chad", "Lake Victoria", "Niger Delta", "Niger River", "Iberian Peninsula", "Arabian Peninsula",
    "Cuban Missile Crisis", "Vietnam War", "Korean War", "Gulf War", "Spanish Civil War", "Boer War", "Crimean War",
    "Munich Security Conference", "Geneva Conventions", "Geneva Convention", "Vienna Convention",
    "Minsk agreements", "Minsk Agreement", "Oslo Accords", "Dayton Accords", "Paris Agreement", "Paris Accord",
    "Kyoto Protocol", "Abraham Accords", "Camp David Accords", "Treaty of Versailles",
)  # fmt: skip
#: First halves of compounds such as "Sino-Russian".
PREFIXES: Final = {
    "sino": "CHN", "russo": "RUS", "franco": "FRA", "anglo": "GBR", "indo": "IND", "austro": "AUT", "greco": "GRC",
    "turko": "TUR", "turco": "TUR", "italo": "ITA", "luso": "PRT", "hispano": "ESP", "polono": "POL", "nippo": "JPN",
    "americano": "USA", "germano": "DEU", "belgo": "BEL", "serbo": "SRB", "irano": "IRN", "perso": "IRN",
    "dano": "DNK", "finno": "FIN", "cubano": "CUB",
}  # fmt: skip
#: Words after a hyphen by which a name does not name its own country.
BOUND_AFTER: Final = words(
    "backed led based born occupied controlled held allied aligned funded sponsored supported trained made supplied "
    "brokered mediated dominated appointed friendly linked style imposed proposed installed run owned administered speaking "
    "language educated financed equipped armed built designed inspired affiliated bound listed organized organised hosted "
    "drafted sanctioned ruled affiliated annexed besieged claimed orchestrated facing sourced flagged"
)
#: Words before a hyphen or a name with the same effect.
BOUND_BEFORE: Final = frozenset({"pro", "anti", "non", "counter", "un"})
#: Offices by the words for them, longest first, as `actors.leaders` calls them.
OFFICES: Final = {
    "prime minister": ("head_of_government",), "foreign minister": ("foreign_minister",),
    "foreign secretary": ("foreign_minister",), "secretary of state": ("foreign_minister",),
    "defence minister": ("defence_minister",), "defense minister": ("defence_minister",),
    "defence secretary": ("defence_minister",), "defense secretary": ("defence_minister",),
    "national security adviser": ("security_adviser",), "national security advisor": ("security_adviser",),
    "supreme leader": ("head_of_state",), "head of state": ("head_of_state",), "head of government": ("head_of_government",),
    "secretary general": ("secretary_general",), "general secretary": ("party_leader",),
    "president": ("head_of_state",),
    "premier": ("head_of_government",), "chancellor": ("head_of_government",), "taoiseach": ("head_of_government",),
    "king": ("head_of_state",), "queen": ("head_of_state",), "monarch": ("head_of_state",), "emperor": ("head_of_state",),
    "emir": ("head_of_state",), "sultan": ("head_of_state",), "leader": ("party_leader", "head_of_state", "head_of_government"),
}  # fmt: skip


def singular(word: str) -> str:
    """A lower-case noun without its plural ending; other words as they are.

    Examples
    --------
    >>> singular("parties"), singular("soldiers"), singular("women")
    ('party', 'soldier', 'woman')
    """
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if word.endswith("men") and len(word) > 4:
        return word[:-3] + "man"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


@lru_cache(maxsize=4096)
def _one(nouns: tuple[str, ...]) -> str | None:
    for last in (nouns[-1], singular(nouns[-1])):
        for first in (nouns[:-1], tuple(singular(noun) for noun in nouns[:-1])):
            if (sector := ROLES.get(" ".join((*first, last)))) is not None:
                return sector
    return None


def sector_of(nouns: Sequence[str]) -> tuple[str, str] | None:
    """The role that the last noun names: its words and its sector; None where there is none.

    Parameters
    ----------
    nouns : sequence of str
        Lower-case words without punctuation. The longest role that ends last counts ("police chief of staff").

    Examples
    --------
    >>> sector_of(["some", "riot", "police"])
    ('riot police', 'COP')
    """
    for end in range(len(nouns), 0, -1):
        for start in range(max(0, end - _LONGEST), end):
            if (sector := _one(tuple(nouns[start:end]))) is not None:
                if end - start == 1 and start and singular(nouns[start]) in _HEADS:  # "Christian leaders"
                    sector = _one((nouns[start - 1],)) or sector
                return " ".join(nouns[start:end]), sector
    return None
