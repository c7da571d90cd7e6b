"""Numbers that stand for nothing are nobody's."""

import pytest

from carpel.specs import Definitions, Project, Source
from carpel.stages.identity import Identity
from carpel.stages.sources import Sources
from carpel.testing.line import line_with, read, take

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "text", ["00000", "0", "0.0", "-", "n/a", "N/A", "unknown", "test", "NULL"]
)
def test_a_number_that_stands_for_nothing_joins_nobody(tmp_path, text):
    crm = Source(
        name="crm",
        read="crm.csv",
        identifiers={"card_no": "card", "email": "mail"},
        traits={"last_name": "last"},
    )
    (tmp_path / "crm.csv").write_text(
        f"card,mail,last\n{text},a@x.example,Ash\n{text},b@x.example,Birch\n4711,c@x.example,Cole\n"
        "4711,d@x.example,Cole\n"
    )
    line = line_with(tmp_path, definitions=Definitions(Project(name="t"), sources={"crm": crm}))
    people = {
        row["ref"]: row["customer"]
        for row in read(take(line, [Sources(), Identity()]), "identities")
    }
    assert len(people) == 4
    assert len(set(people.values())) == 3
