"""Comments stay with what they speak of."""

from __future__ import annotations

from tests.store.canonical import formatted, lines_of


def test_comments_travel_with_what_they_speak_of() -> None:
    assert formatted("""
        # Head of the file.

        # Still the head.
        organizations:
        # about Zeta
        - id: zeta
          # after the id, before the name
          name: Zeta # beside the name
          # end of Zeta
        # about Alpha

        # more about Alpha
        - name: Alpha # beside Alpha
          # about the id
          id: alpha
          # end of organizations? No: of Alpha
          # (it stands below its fields)
        # about the sources
        sources: # beside the sources
          - id: s
          # end of the sources
        # end of the file
    """) == lines_of("""
        # Head of the file.

        # Still the head.
        # about the sources
        sources:  # beside the sources
          - id: s
          # end of the sources

        organizations:
          # about Alpha

          # more about Alpha
          # about the id
          - id: alpha
            name: Alpha  # beside Alpha
            # end of organizations? No: of Alpha
            # (it stands below its fields)
          # about Zeta
          - id: zeta
            # after the id, before the name
            name: Zeta  # beside the name
            # end of Zeta

        # end of the file
    """)


def test_comments_inside_brackets_open_them() -> None:
    assert formatted("""
        x: [one, # first
            # above two
            two
            # at the end
           ] # beside x
        y: {b: 1, a: [c, d] # beside a
            , # above e
            e: 2}
        z: [ # in nothing
           ]
    """) == lines_of("""
        # beside x
        x:
          - one  # first
          # above two
          - two
          # at the end

        y:
          b: 1
          a: [c, d]  # beside a
          # above e
          e: 2

        # in nothing
        z: []
    """)


def test_a_comment_beside_a_value_that_changes_its_form_moves_above_the_key() -> None:
    long = "word " * 30 + "end"
    assert formatted(f"""
        a: "{long}" # long
        b: | # header
          one
          two
        c: # became brackets
          - x
        d: {{k: "p, q"}} # became a block
        e:
          - {{k: "p, q"}} # became a block too
          - # above the first field
            k: "p, q"
        f: # two
          value # comments
    """) == lines_of(f"""
        # long
        a: >-
          {long[:94]}
          {long[95:]}
        # header
        b: |
          one
          two
        # became brackets
        c: [x]

        # became a block
        d:
          k: p, q

        e:
          # became a block too
          - k: p, q
          # above the first field
          - k: p, q

        # two
        # comments
        f: value
    """)


def test_signs_inside_texts_are_no_comments() -> None:
    text = lines_of("""
        # one
        a: "# no"
        b: '# no'
        c: x#no
        d: |-
          # no
          text # no
        # two
        e: >-
          # no
        f: "two
          # no
          lines" # three
    """)
    assert formatted(text) == lines_of("""
        # one
        a: "# no"
        b: "# no"
        c: x#no
        d: |-
          # no
          text # no
        # two
        e: "# no"
        f: "two # no lines"  # three
    """)


def test_a_text_cut_by_a_sign_stays_cut_where_reading_reports_it() -> None:
    cut = "word " * 30 + "end"
    assert formatted(f"a: C #sharp\nb: 'quoted' #tag\nc: {cut} #1\nd: 5 #tag\n") == (
        f"a: C  #sharp\n#tag\nb: quoted\nc: {cut}  #1\nd: 5  #tag\n"
    )


def test_comments_alone_are_kept() -> None:
    assert formatted("# one\n\n\n# two\n") == "# one\n\n# two\n"
    assert formatted("--- # one\n# two\n") == "# one\n# two\n"
    assert formatted("%YAML 1.1 # zero\n--- # one\na: # two\n  5\n... # three\n") == (
        "# zero\n# one\na: 5  # two\n\n# three\n"
    )
    assert formatted("") == ""


def test_comments_around_nothing_are_kept() -> None:
    assert formatted("- []\n# one\n- a\n") == "- []\n# one\n- a\n"
    assert formatted("? a\n  # one") == "# one\na: null\n"
    assert formatted("{ # one\n}") == "# one\n{}\n"


def test_a_comment_above_the_first_line_of_an_item_stands_above_its_dash() -> None:
    assert formatted("""
        x:
          - - a
            # about b
            - b
          - [ # about c
             c]
          - k: # about k
              - d
    """) == lines_of("""
        x:
          - - a
            # about b
            - b
          # about c
          - [c]
          # about k
          - {k: [d]}
    """)


def test_line_ends_and_byte_order_marks_of_other_systems_are_dropped() -> None:
    assert formatted("\ufeffa: 1 # x\r\n# y\r\nb: 2\r\n") == "a: 1  # x\n# y\nb: 2\n"
