"""What people write about: themes in texts, with counts and quotes that name nobody."""

from carpel.stats.themes.groups import Group, groups
from carpel.stats.themes.quoting import CUT, quoted
from carpel.stats.themes.themes import Theme, Themes, themes

__all__ = ["CUT", "Group", "Theme", "Themes", "groups", "quoted", "themes"]
