"""Who people are and where they live: expressions over the facts that sources state.

`:birth_date` and the like stand for the column that states it, whatever the source called it.
"""

from carpel.stages.profiles.entry import Criterion, Entry, Kind, Sensitivity

# One paragraph a trait reads better than one line an argument.
# fmt: off

_BIRTHDAY = (
    "(year(:as_of) - year(:birth_date) - CASE WHEN month(:as_of) * 100 + day(:as_of) "
    "< month(:birth_date) * 100 + day(:birth_date) THEN 1 ELSE 0 END)"
)
_FROM_BIRTH = (
    f"CASE WHEN :birth_date <= CAST(:as_of AS DATE) AND {_BIRTHDAY} <= 120 THEN {_BIRTHDAY} END"
)
_BAND = """CASE WHEN {age} < 0 OR {age} > 120 THEN NULL WHEN {age} < 18 THEN 'under 18'
           WHEN {age} < 25 THEN '18 to 24' WHEN {age} < 35 THEN '25 to 34'
           WHEN {age} < 45 THEN '35 to 44' WHEN {age} < 55 THEN '45 to 54'
           WHEN {age} < 65 THEN '55 to 64' WHEN {age} >= 65 THEN '65 and over' END"""
_GENERATION = """CASE WHEN year(:birth_date) < 1901 THEN NULL
    WHEN year(:birth_date) < 1928 THEN 'greatest generation'
    WHEN year(:birth_date) < 1946 THEN 'silent generation'
    WHEN year(:birth_date) < 1965 THEN 'baby boomers'
    WHEN year(:birth_date) < 1981 THEN 'generation X'
    WHEN year(:birth_date) < 1997 THEN 'millennials'
    WHEN year(:birth_date) < 2013 THEN 'generation Z'
    WHEN :birth_date <= CAST(:as_of AS DATE) THEN 'generation alpha' END"""
_LIFE_STAGE = """CASE WHEN :children > 0 THEN 'family with children'
    WHEN {age} < 35 AND :children = 0 THEN 'young, no children'
    WHEN {age} < 60 AND :children = 0 THEN 'mid-life, no children at home'
    WHEN {age} >= 60 THEN 'older, no children at home' END"""


def _stated(
    name: str,
    label: str,
    meaning: str,
    criterion: Criterion,
    kind: Kind = "text",
    unit: str = "",
    sensitivity: Sensitivity = "plain",
) -> Entry:
    return Entry(
        name,
        label,
        meaning,
        criterion,
        kind,
        "contacts",
        f":{name}",
        unit,
        (name,),
        sensitivity=sensitivity,
    )


PEOPLE = (
    Entry("age", "Age", "Full years since birth.", "demographic", "integer", "contacts",
          _FROM_BIRTH, "years", ("birth_date",)),
    Entry("age", "Age", "Age as stated.", "demographic", "number", "contacts", ":age", "years",
          ("age",)),
    Entry("age_band", "Age group", "Age in the bands that surveys use.", "demographic", "text",
          "contacts", _BAND.format(age=_BIRTHDAY), needs=("birth_date",)),
    Entry("age_band", "Age group", "Age in the bands that surveys use.", "demographic", "text",
          "contacts", _BAND.format(age=":age"), needs=("age",)),
    Entry("generation", "Generation", "Generation by year of birth (Pew Research Center's years).",
          "demographic", "text", "contacts", _GENERATION, needs=("birth_date",)),
    _stated("birth_date", "Date of birth", "Date of birth as stated.", "demographic", "date",
            sensitivity="personal"),
    _stated("gender", "Gender", "Gender as stated.", "demographic"),
    _stated("income", "Income", "Income as stated.", "demographic"),
    _stated("education", "Education", "Education as stated.", "demographic"),
    _stated("occupation", "Occupation", "Occupation as stated.", "demographic"),
    _stated("marital_status", "Marital status", "Marital status as stated.", "demographic"),
    _stated("children", "Children", "Number of children as stated.", "demographic", "number",
            unit="children"),
    _stated("household_size", "Household size", "People in the household as stated.", "demographic",
            "number", unit="people"),
    Entry("life_stage", "Life stage", "Children at home first, then age.", "demographic", "text",
          "contacts", _LIFE_STAGE.format(age=_BIRTHDAY), needs=("birth_date", "children")),
    Entry("life_stage", "Life stage", "Children at home first, then age.", "demographic", "text",
          "contacts", _LIFE_STAGE.format(age=":age"), needs=("age", "children")),
    _stated("language", "Language", "Preferred language as stated.", "demographic"),
    _stated("ethnicity", "Ethnicity",
            "Ethnicity as stated; only for the purpose that the project gives.", "demographic",
            sensitivity="special"),
    _stated("interests", "Interests", "Interests or tags as stated.", "psychographic", "list"),
    _stated("country", "Country", "Country of the address.", "geographic"),
    _stated("region", "Region", "State, province or region of the address.", "geographic"),
    _stated("city", "City", "City of the address.", "geographic"),
    _stated("urbanity", "Town or country", "Urban, suburban or rural, as stated.", "geographic"),
    _stated("climate", "Climate", "Climate where they live, as stated.", "geographic"),
    _stated("branch_distance_km", "Distance to branch",
            "Kilometres to the nearest branch, as stated.", "geographic", "number", unit="km"),
    Entry("urbanity", "Town or country",
          "By the people who live in their city: urban from 100,000, suburban from "
          "10,000, else rural.", "geographic", "text", "places", "max(urbanity)",
          needs=("urbanity",)),
    Entry("climate", "Climate", "Main climate class of their place (Köppen).", "geographic",
          "text", "places", "max(climate)", needs=("climate",)),
    Entry("latitude", "Latitude", "Degrees north of their city, where no data source states any.",
          "geographic", "number", "places", "max(latitude)", "degrees", ("latitude",)),
    Entry("longitude", "Longitude", "Degrees east of their city, where no data source states any.",
          "geographic", "number", "places", "max(longitude)", "degrees", ("longitude",)),
    Entry("branch_distance_km", "Distance to branch",
          "Kilometres as the crow flies to the nearest branch.", "geographic", "number", "places",
          "min(branch_distance_km)", "km", ("branch_distance_km",)),
)
