"""Words from which made-up people are made: common first names, and syllables for the rest."""

FIRST_NAMES = (  # noqa: SIM905
    "anna maria laura emma sophie lena julia sarah lisa katharina hannah clara paula martha eva "
    "ida nora frida greta helena ingrid astrid sigrid karin birgit petra monika sabine claudia "
    "andrea susanne ursula renate brigitte elke heike silke anja tanja nadine jasmin vanessa "
    "melanie stefanie christine daniela nicole simone yvonne carmen dolores pilar lucia elena "
    "rosa carla bianca chiara giulia francesca paola silvia valentina beatrice camille chloe "
    "juliette manon margaux amelie celine elise louise alice charlotte olivia amelia isla grace "
    "evelyn abigail madison harper ella scarlett victoria penelope hazel violet stella ruby "
    "zoe leah naomi esther miriam rebecca rachel judith dina tamar yasmin leila fatima aisha "
    "samira zahra nadia irina olga svetlana tatiana natalia ludmila vera galina jana hana "
    "zuzana ivana milena dragana vesna katarzyna agnieszka malgorzata joanna magdalena "
    "peter paul thomas michael andreas stefan christian martin markus daniel alexander tobias "
    "sebastian florian matthias johannes lukas felix jonas leon maximilian moritz jakob anton "
    "emil oskar hugo otto karl friedrich wilhelm heinrich hermann walter werner helmut gerhard "
    "dieter jürgen uwe bernd ralf frank jens torsten sven lars nils björn erik magnus gustav "
    "axel harald olaf henrik anders pablo diego javier carlos miguel alejandro sergio rafael "
    "manuel antonio marco luca matteo giovanni francesco lorenzo davide simone pietro enzo "
    "pierre jacques michel philippe laurent nicolas julien antoine guillaume mathieu olivier "
    "james john robert william david richard joseph charles edward george henry arthur frederick "
    "albert samuel benjamin nathan ethan noah liam mason logan jackson aiden oliver harry jack "
    "omar hassan ali ahmed mehmet mustafa yusuf ibrahim kemal emre ivan dmitri sergei boris "
    "vladimir igor mikhail pavel jan tomasz piotr krzysztof marek andrzej zoltan laszlo istvan"
).split()
"""Common first names, the commonest ones of a population first."""

CALLED = {
    "robert": "bob",
    "william": "bill",
    "richard": "dick",
    "katharina": "kathi",
    "james": "jim",
    "charles": "chuck",
    "alexander": "alex",
    "sebastian": "basti",
    "maximilian": "max",
    "johannes": "hannes",
    "matthias": "matze",
    "michael": "mike",
    "thomas": "tom",
    "benjamin": "ben",
    "samuel": "sam",
    "edward": "ted",
    "henry": "hal",
    "francesco": "cesco",
    "francesca": "fra",
    "elena": "lena",
    "rebecca": "becky",
    "abigail": "abby",
    "victoria": "vicky",
    "charlotte": "lottie",
    "stefanie": "steffi",
    "susanne": "susi",
    "christine": "tina",
    "andreas": "andi",
    "daniel": "dan",
    "nicolas": "nico",
    "giovanni": "gianni",
    "alejandro": "jandro",
    "magdalena": "lena",
    "malgorzata": "gosia",
    "katarzyna": "kasia",
    "friedrich": "fritz",
    "heinrich": "heinz",
    "penelope": "penny",
    "josephine": "josie",
    "margaux": "margo",
    "agnieszka": "aga",
    "natalia": "nat",
}
"""What people of a first name are called."""

LAST_STARTS = (  # noqa: SIM905
    "al bach ber bier blan bor bran brei bru bu dal dor drey eber eck ehr el fal feld fin fro gal "
    "gar ger gold grau gru ha hart hei hell her hof hol ja kal kel kir kle kol kra kro lan lei "
    "lin lo mar mei mer mo nau neu nor ol os pal pe por rad ram rei ro ros sal san schu sel sie "
    "sol sta stein stol tal tho tor ul val ver vo wal wei wen wil wol za zie"
).split()
LAST_MIDDLES = ["", "", "den", "er", "en", "der", "te", "ling", "ra", "mi", "ko", "ster"]
LAST_ENDS = (  # noqa: SIM905
    "bach bauer berg berger brandt burg dorf feld fels gard hagen hardt haus heim hoff holm horn "
    "hues kamp lander lein mann meier mark mund nau ner o ov owski ried rich sen ski son stedt "
    "stein strom tal thal vic wald wall weiler witz"
).split()
"""Parts of last names: start, middle, end."""

STREET_STARTS = (  # noqa: SIM905
    "ahorn birken eichen linden buchen garten berg wald see park kirch schul markt brunnen mühl "
    "schloss rosen tulpen nelken lerchen amsel falken adler sonnen mond stern wiesen feld bach "
    "ufer hafen insel damm turm tor burg kloster kapellen post bahnhof schiller goethe mozart "
    "beethoven händel bach haydn schubert lessing herder kant hegel leibniz kepler newton curie"
).split()
STREET_ENDS = "straße weg allee gasse platz ring damm ufer steig pfad".split()  # noqa: SIM905
TOWN_STARTS = (  # noqa: SIM905
    "neu alt ober unter bad groß klein mittel nieder hohen schön grün weiß schwarz roten blauen "
    "langen breiten"
).split()
TOWN_ENDS = (  # noqa: SIM905
    "burg berg hausen heim stadt feld bach brunn furt dorf kirchen walde hagen rode stein münde "
    "haven brück kamp see"
).split()
DOMAINS = [
    "post.example",
    "mail.example",
    "web.example",
    "box.example",
    "brief.example",
    "net.example",
    "online.example",
    "home.example",
]
OTHER_LETTERS = {"o": "0", "l": "1", "i": "1", "s": "5", "b": "8", "m": "rn", "e": "c"}
"""What a scanner reads instead of a letter."""
