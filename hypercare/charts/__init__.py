"""Pictures of figures: SVG that is made here, with a sentence that says what it shows and a table of the same numbers.

No script, nothing from outside, and colours by the page's own variables, so that they are readable in both themes and
on paper. Positions across are percentages and heights are pixels, so that text keeps its size on the narrowest phone.
"""
