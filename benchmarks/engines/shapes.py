"""The rules as SHACL and as SPARQL, over the triples of ``triples``."""

from __future__ import annotations

from benchmarks.engines.triples import BASE

PREFIXES = f"PREFIX : <{BASE}>\n"

# Sequences in sequences: pySHACL reads no path of more than twelve steps in a row.
_THREE = "( :taken_from :taken_from :taken_from )"
_ELEVEN = f"( {_THREE} {_THREE} {_THREE} :taken_from :taken_from )"
_HOPS = f"{_ELEVEN} {_ELEVEN} {_ELEVEN}"

SHAPES = f"""
@prefix : <{BASE}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

# 101: a primary citation with a basis.
:EKB101 a sh:NodeShape ; sh:targetClass :Finding ; sh:property :EKB101-1 .
:EKB101-1 a sh:PropertyShape ; sh:path :citation ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [
    sh:property [ sh:path :role ; sh:hasValue "primary" ] ; sh:property [ sh:path :basis ; sh:minCount 1 ] ] .

# 102: no walk of 33 hops, which loops, what leads into one, and chains that are too deep all have.
:EKB102 a sh:NodeShape ; sh:targetSubjectsOf :taken_from ; sh:property :EKB102-1 .
:EKB102-1 a sh:PropertyShape ; sh:path ( {_HOPS} ) ; sh:maxCount 0 .

# 103: what is referred to is there.
:EKB103 a sh:NodeShape ; sh:targetClass :Finding ;
    sh:property :EKB103-1 , :EKB103-2 , :EKB103-3 , :EKB103-4 , :EKB103-5 .
:EKB103-1 a sh:PropertyShape ; sh:path ( :citation :source ) ; sh:class :Source .
:EKB103-2 a sh:PropertyShape ; sh:path :about ; sh:class :Concept .
:EKB103-3 a sh:PropertyShape ; sh:path :cohort ; sh:class :Cohort .
:EKB103-4 a sh:PropertyShape ; sh:path ( :estimate :outcome ) ; sh:class :Concept .
:EKB103-5 a sh:PropertyShape ; sh:path ( :estimate :definition ) ; sh:class :Definition .

# 201: a source has a flag, or is nobody's primary.
:EKB201 a sh:NodeShape ; sh:targetClass :Source ; sh:or (
    [ sh:property [ sh:path :vendor ; sh:minCount 1 ; sh:in ( "independent" "interested" "vendor" ) ] ]
    [ sh:property [ sh:path [ sh:inversePath :source ] ; sh:qualifiedMaxCount 0 ; sh:qualifiedValueShape [
        sh:property [ sh:path :role ; sh:hasValue "primary" ] ] ] ] ) .

# 301: numbers that can be, inside their intervals.
:EKB301 a sh:NodeShape ; sh:targetClass :Estimate ;
    sh:or ( [ sh:not [ sh:property [ sh:path :measure ; sh:hasValue "percent_change" ] ] ]
            [ sh:property [ sh:path :value ; sh:minInclusive -100 ] ] ) ;
    sh:or ( [ sh:not [ sh:property [ sh:path :measure ; sh:hasValue "proportion" ] ] ]
            [ sh:property [ sh:path :value ; sh:minInclusive 0 ; sh:maxInclusive 1 ] ] ) ;
    sh:property :EKB301-1 , :EKB301-2 .
:EKB301-1 a sh:PropertyShape ; sh:path :lower ; sh:lessThanOrEquals :value .
:EKB301-2 a sh:PropertyShape ; sh:path :value ; sh:lessThanOrEquals :upper .
"""
"""One node shape a rule, named by its code; each shape that a result may name has a name that begins with it."""

RULES = {
    "EKB101": """SELECT ?x {
        ?x a :Finding OPTIONAL { ?x :citation ?c . ?c :role "primary" ; :basis ?b } FILTER(!BOUND(?b)) }""",
    "EKB102": f"SELECT DISTINCT ?x {{ ?x {'/'.join([':taken_from'] * 33)} ?y }}",
    "EKB103": """SELECT DISTINCT ?x {
        { ?x :citation ?c . ?c :source ?y FILTER NOT EXISTS { ?y a :Source } }
        UNION { ?x :about ?y FILTER NOT EXISTS { ?y a :Concept } }
        UNION { ?x :cohort ?y FILTER NOT EXISTS { ?y a :Cohort } }
        UNION { ?x :estimate ?e . ?e :outcome ?y FILTER NOT EXISTS { ?y a :Concept } }
        UNION { ?x :estimate ?e . ?e :definition ?y FILTER NOT EXISTS { ?y a :Definition } } }""",
    "EKB201": 'SELECT DISTINCT ?x { ?x :vendor "unknown" . ?c :source ?x ; :role "primary" }',
    "EKB301": """SELECT DISTINCT ?x { ?x :value ?v ; :measure ?m OPTIONAL { ?x :lower ?l ; :upper ?u }
        FILTER((?m = "percent_change" && ?v < -100) || (?m = "proportion" && (?v < 0 || ?v > 1))
            || (BOUND(?l) && (?v < ?l || ?v > ?u))) }""",
}

RULES_FOR_RDFLIB = RULES | {
    "EKB101": """SELECT ?x {
        ?x a :Finding FILTER NOT EXISTS { ?x :citation ?c . ?c :basis ?b ; :role ?r FILTER(?r = "primary") } }""",
}
"""rdflib starts from the constant where there is one, and so is forty times slower with the text that suits pyoxigraph."""


def question(names: tuple[str, ...]) -> str:
    """The SELECT for a question with these dimensions; each is a variable that is given."""
    given = " ".join(f"?{name}" for name in names)  # pyoxigraph gives a value only to what is selected
    # What is given comes first, and what all findings have comes last: rdflib goes along in this order.
    parts = " ".join(f"?{name}_below :below ?{name} . ?f :filed ?{name}_below ." for name in names)
    kept = "?f :free ?free ; :rank ?rank FILTER(?free = true)"
    return f"SELECT DISTINCT ?f ?rank {given} {{ {parts} {kept} }} ORDER BY ?rank LIMIT 3"
