"""Scores by their formula; what the reading noted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.specs import Column, Definitions, Project, Source
from carpel.stages.quality import Quality
from carpel.stages.quality.finding import WEIGHTS, Finding, score
from carpel.stages.sources import Sources
from carpel.store.builds import Made
from carpel.testing.line import line_with, read, take

AT = datetime.fromisoformat("2026-02-01")
SOURCE = Source(
    name="till",
    read="till.csv",
    identifiers={"card": "Card No"},
    track=[
        {
            "event": "product_purchased",
            "at": "Date",
            "properties": {"amount": "Net Sales", "quantity": "Qty"},
        }
    ],
)


def definitions():
    return Definitions(Project(name="trial"), sources={"till": SOURCE})


def tables(amounts):
    rows = [
        {
            "ref": at,
            "source": "till",
            "event_key": at,
            "at": AT - timedelta(days=at),
            "amount": amount,
            "quantity": 1,
        }
        for at, amount in enumerate(amounts)
    ]
    return {
        "staged_event_product_purchased": pa.Table.from_pylist(rows),
        "accounting": pa.table(
            {
                "source": ["till"],
                "file": ["till.csv"],
                "fate": ["loaded"],
                "reason": pa.array([None], pa.string()),
                "rows": [len(rows)],
                "amount": [0.0],
            }
        ),
    }


def ran(folder, amounts):
    return take(line_with(folder, tables(amounts), definitions=definitions()), [Quality()])


FINDINGS = st.builds(
    Finding,
    st.just("s"),
    st.sampled_from([*WEIGHTS, "check_x"]),
    st.just("c"),
    st.sampled_from(["note", "warning", "error"]),
    st.integers(0, 9),
    st.just(9),
    st.booleans(),
    st.just("m"),
)


@given(st.lists(FINDINGS, max_size=8), FINDINGS)
def test_a_score_is_a_share_and_a_further_finding_never_raises_it(findings, further):
    before = score(findings)
    assert 0 <= score([*findings, further]) <= before <= 1
    assert score([replace(each, fixed=True) for each in findings]) == 1


def test_a_score_by_hand():
    found = [
        Finding("s", "set_aside", "", "warning", 1, 10, False, ""),
        Finding("s", "malformed", "a", "warning", 2, 10, False, ""),
        Finding("s", "malformed", "b", "warning", 4, 10, False, ""),
        Finding("s", "missing", "b", "note", 9, 10, False, ""),
    ]
    assert score(found) == pytest.approx((1 - 0.1) * (1 - 0.5 * 0.4))


def test_a_source_is_scored_over_the_rows_that_were_read(tmp_path):
    line = ran(tmp_path, [5.0, 6.0, 7.0])
    assert read(line, "scores") == [{"source": "till", "score": 1.0, "rows": 3}]


def test_what_the_reading_noted_becomes_findings(tmp_path):
    line = line_with(
        tmp_path,
        tables([5.0] * 4),
        definitions=definitions(),
        clock=datetime(2026, 6, 1, tzinfo=UTC),
    )
    noted = {
        "last_event_at": "2026-02-01T00:00:00",
        "fixes": {"E-Mail": {"case": 3, "form": 1}},
        "refused": {
            "E-Mail": {"no @": 2, "placeholder": 1},
            "Born": {"cannot be read": 1, "in the future": 2, "before 1900": 1},
        },
        "unreadable": {"E-Mail": 3, "Born": 4, "Net Sales": 1},
        "ambiguous": {"Date": {"type": "date", "order": "dmy"}},
        "unclear_zones": {"Date": ["IST"]},
        "repaired_hours": {"Date": 2},
        "same_key_other_content": {"product_purchased": 2},
        "recoded": {"a.csv": {"lines": 1, "said": "a.csv mixes two encodings."}},
        "row_is_person": True,
    }
    line.parts["sources/till"] = Made("", {}, {"till": noted})
    findings = read(take(line, [Quality()]), "findings")
    found = {
        (each["check"], each["column"], each["rows"], each["severity"], each["fixed"])
        for each in findings
    }
    assert {
        "1 of 4 rows has an E-Mail that only fills the field: n/a, 000, test@example.com and the "
        "like.",
        "2 of 4 rows have an E-Mail that cannot be used: no @.",
        "1 of 4 rows has a Born that cannot be read.",
        "2 of 4 rows have a Born in the future.",
        "1 of 4 rows has a Born before 1900.",
    } <= {each["message"] for each in findings}
    assert found == {
        ("fixed", "E-Mail", 3, "note", True),
        ("fixed", "E-Mail", 1, "note", True),
        ("malformed", "E-Mail", 2, "error", False),
        ("missing", "E-Mail", 1, "note", False),
        ("malformed", "Born", 1, "error", False),
        ("future_dated", "Born", 2, "error", False),
        ("implausible_date", "Born", 1, "error", False),
        ("malformed", "Net Sales", 1, "error", False),
        ("ambiguous_date", "Date", 4, "warning", False),
        ("unclear_zone", "Date", 4, "warning", False),
        ("repaired_hours", "Date", 2, "note", True),
        ("repeated_key", "product_purchased", 2, "error", False),
        ("no_identifier", "", 4, "note", False),
        ("mixed_encodings", "", 1, "warning", True),
        ("stale", "", 4, "warning", False),
    }


def test_a_source_without_rows_is_scored(tmp_path):
    empty = {name: data.slice(0, 0) for name, data in tables([5.0]).items()}
    line = take(line_with(tmp_path, empty, definitions=definitions()), [Quality()])
    assert read(line, "scores") == [{"source": "till", "score": 1.0, "rows": 0}]
    assert read(line, "findings") == []


def test_a_grave_matter_in_many_rows_is_an_error(tmp_path):
    line = ran(tmp_path, [5.0] * 17 + [-1.0] * 3)
    (found,) = read(line, "findings")
    assert (found["check"], found["rows"], found["severity"]) == ("contradictory", 3, "error")


def test_a_time_that_may_never_come_is_not_missing(tmp_path):
    optional = ["contract_end", "cancelled_at", "paused_until", "trial_ends_at", "last_order_date"]
    needed = ["birth_date", "city", "trend"]
    source = Source(
        name="crm",
        read="crm.csv",
        identifiers={"crm_id": "No"},
        traits={each: each for each in (*optional, *needed)},
    )
    people = pa.Table.from_pylist(
        [{"ref": n, "source": "crm", "file": "crm.csv", "row": n, "id_crm_id": str(n),
          **{f"t_{each}": None for each in (*optional, *needed)}} for n in (1, 2)],
        schema=pa.schema(
            [("ref", pa.uint64()), ("source", pa.string()), ("file", pa.string()),
             ("row", pa.int64()), ("id_crm_id", pa.string()),
             *((f"t_{each}", pa.timestamp("us")) for each in optional[1:]),
             ("t_contract_end", pa.string()),
             ("t_birth_date", pa.date32()), ("t_city", pa.string()), ("t_trend", pa.string())]
        ),
    )  # fmt: skip
    line = line_with(
        tmp_path,
        {"records": people},
        definitions=Definitions(Project(name="trial"), sources={"crm": source}),
    )
    found = [row for row in read(take(line, [Quality()]), "findings") if row["check"] == "missing"]
    assert {row["column"] for row in found} == set(needed)


def test_permissions_are_counted_by_the_rows_of_the_file_that_give_them(tmp_path):
    (tmp_path / "crm.csv").write_text(
        "No,news,sms,since\n1,yes,,2025-01-01\n2,no,yes,\n3,yes,,\n4,,,\n"
    )
    yes = {"type": "boolean"}
    permit = [
        {"channel": {"constant": "email"}, "granted": {"column": "news", **yes}, "at": "since"},
        {"channel": {"constant": "sms"}, "granted": {"column": "sms", **yes}},
    ]
    source = Source(name="crm", read="crm.csv", identifiers={"crm_id": "No"}, permit=permit)
    asked = Definitions(Project(name="trial"), sources={"crm": source})
    line = take(line_with(tmp_path, definitions=asked), [Sources(), Quality()])
    found = [row["message"] for row in read(line, "findings") if row["check"] == "missing"]
    assert found == ["2 of 4 rows have a permission without a time."]


def test_text_that_a_spreadsheet_would_run_is_counted(tmp_path):
    runs = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "=HYPERLINK(1)"]
    safe = [
        "+49 30 123456",
        "-12.50",
        "--",
        "+4930123456;ext=12",
        "-1e5",
        "Ann = Bob",
        "a@b.example",
    ]
    people = pa.Table.from_pylist(
        [{"ref": n, "source": "till", "file": "till.csv", "row": n, "t_note": each}
         for n, each in enumerate([*runs, *safe, None])],
    )  # fmt: skip
    source = SOURCE.model_copy(update={"traits": {"note": Column(column="Note")}})
    asked = Definitions(Project(name="trial"), sources={"till": source})
    line = take(line_with(tmp_path, {"records": people}, definitions=asked), [Quality()])
    (found,) = [row for row in read(line, "findings") if row["check"] == "formula"]
    assert (found["column"], found["rows"], found["of"]) == ("note", len(runs), people.num_rows)
