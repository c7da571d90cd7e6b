"""How mistakes are told."""

from carpel.errors import Problem, ProjectError, listed


def test_many_mistakes_that_say_the_same_are_counted_after_the_first_few() -> None:
    same = [Problem("there is no trait 'spend'", f"s{n}.yml", n, "Did you mean?") for n in range(9)]
    other = Problem("there is no channel 'sms'", "s4.yml", 2)
    told = listed([*same[:5], other, *same[5:]])
    assert [each.split(":")[0] for each in told[:3]] == ["s0.yml", "s1.yml", "s2.yml"]
    assert told[3:] == [str(other), "there is no trait 'spend': at 6 more places"]
    assert str(ProjectError([*same, other])).count("spend") == 4


def test_a_few_are_all_told() -> None:
    same = [Problem("wrong", f"{n}.yml") for n in range(3)]
    assert listed(same) == list(map(str, same))
