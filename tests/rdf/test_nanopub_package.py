"""What the package ``nanopub``, which we did not write, says of our nanopublications. It needs Python 3.12."""

from __future__ import annotations

from base64 import decodebytes
from pathlib import Path
from typing import Any

import pytest

from evidencekb.rdf import write_nanopubs
from tests.rdf.nanopubs import FINDING, ORCID, key_file, opened

nanopub = pytest.importorskip("nanopub", reason="the package nanopub, of Python 3.12 and later, is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def loaded(path: Path) -> Any:
    read = nanopub.Nanopub(rdf=path)
    assert read.is_valid
    assert read.has_valid_trusty
    return read


def signature_holds(read: Any) -> bool:
    """By the package's own text and its own library; its ``has_valid_signature`` passes over what that library answers."""
    from Crypto.Hash import SHA256
    from Crypto.PublicKey import RSA
    from Crypto.Signature import pkcs1_15
    from nanopub.namespaces import NPX
    from nanopub.trustyuri.rdf import RdfHasher, RdfUtils

    metadata = read.metadata
    quads = [
        quad for quad in RdfUtils.get_quads(read.rdf) if (quad[1], quad[2]) != (metadata.sig_uri, NPX.hasSignature)
    ]
    text = RdfHasher.normalize_quads(quads, baseuri=str(metadata.namespace), hashstr=" ")
    key = RSA.import_key(decodebytes(str(metadata.public_key).encode()))
    try:
        pkcs1_15.new(key).verify(SHA256.new(text.encode()), decodebytes(str(metadata.signature).encode()))
    except ValueError:
        return False
    return True


def test_it_loads_and_accepts_ours(tmp_path: Path) -> None:
    with opened(tmp_path) as kb:
        written = write_nanopubs(kb, tmp_path / "out")
    assert str(loaded(tmp_path / "out" / "_index.trig").source_uri) == written.index
    read = loaded(tmp_path / "out" / f"{FINDING}.trig")
    assert not read.metadata.signature


def test_it_accepts_our_signature_and_no_other(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = key_file(tmp_path / "key", rsa.generate_private_key(65537, 2048))
    with opened(tmp_path) as kb:
        write_nanopubs(kb, tmp_path / "out", key=key, creator=ORCID)
    read = loaded(tmp_path / "out" / f"{FINDING}.trig")
    assert read.has_valid_signature
    assert signature_holds(read)
    first = str(read.metadata.signature)[0]
    read.metadata.signature = ("A" if first != "A" else "B") + str(read.metadata.signature)[1:]
    assert not signature_holds(read)
