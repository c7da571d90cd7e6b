"""Made-up people: the same from the same seed, as wrong as asked, families and all."""

from carpel.testing.people import population


def test_the_same_seed_gives_the_same_people() -> None:
    one, two, other = population(300, seed=1), population(300, seed=1), population(300, seed=2)
    assert one.truth == two.truth
    assert one.systems == two.systems
    assert one.systems["crm"] != other.systems["crm"]


def test_every_person_is_known_and_every_entry_is_somebodys() -> None:
    made = population(500, seed=3)
    truth = made.truth.to_pylist()
    assert {row["person"] for row in truth} == set(range(1, 501))
    for system, known in made.systems.items():
        entries = [row["entry"] for row in truth if row["system"] == system]
        assert known["entry"].to_pylist() == sorted(entries) == list(range(1, len(entries) + 1))


def test_mistakes_come_at_the_rate_asked_for() -> None:
    clean, spoilt = population(2000, seed=4, corrupted=0), population(2000, seed=4, corrupted=0.2)
    for field in ("last_name", "phone", "birth_date", "city"):
        pairs = zip(
            clean.systems["crm"][field].to_pylist(),
            spoilt.systems["crm"][field].to_pylist(),
            strict=True,
        )
        wrong = sum(a != b for a, b in pairs) / clean.systems["crm"].num_rows
        assert 0.14 < wrong < 0.24, field


def test_families_share_addresses_and_some_an_email_and_twins_a_birthday() -> None:
    made = population(2000, seed=5, corrupted=0)
    family = {
        row["entry"]: (row["family"], row["person"])
        for row in made.truth.to_pylist()
        if row["system"] == "crm"
    }
    homes: dict[int, list[dict[str, object]]] = {}
    for row in made.systems["crm"].to_pylist():
        homes.setdefault(family[row["entry"]][0], []).append(
            {**row, "person": family[row["entry"]][1]}
        )
    several = [home for home in homes.values() if len({row["person"] for row in home}) > 1]
    shared = [home for home in several if len({row["email"] for row in home}) == 1]
    twins = [
        home
        for home in several
        if any(
            a["birth_date"] == b["birth_date"]
            and a["person"] != b["person"]
            and a["first_name"] != b["first_name"]
            for a in home
            for b in home
        )
    ]
    assert 0.1 < len(shared) / len(several) < 0.3
    assert 0.04 < len(twins) / len(several) < 0.14
