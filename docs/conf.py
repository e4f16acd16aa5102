"""The documentation site: ``make docs`` builds these pages with Sphinx. A link without target is an error."""

from oauth_gauntlet import __version__
from oauth_gauntlet.files.addresses import page

project = "oauth-gauntlet"
author = "oauth-gauntlet"
version = release = __version__

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_heading_anchors = 6  # links to headings, as the forge makes them
nitpicky = True

html_theme = "furo"
html_title = f"{project} {version}"
html_theme_options = {"source_view_link": f"{page('docs')}/{{filename}}"}
