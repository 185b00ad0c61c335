"""Signatures of nanopublications: made with real keys, and refused for any change."""

from __future__ import annotations

import base64
import hashlib
import sys
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.engines.signing import LOCKED
from evidencekb.rdf.nano.checking import check_nanopub
from evidencekb.rdf.nano.reading import read_document
from evidencekb.rdf.nano.rules import take_apart
from evidencekb.rdf.nano.signing import NPX, made_signed, read_key
from evidencekb.rdf.nano.statements import Iri, Literal, Statement
from evidencekb.rdf.nano.trusty import hash_code, normalised, with_code, with_room
from evidencekb.rdf.nano.writing import write_trig
from tests.rdf.nanopubs import NANOPUB, ORCID, SUITE, key_file

rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")


@pytest.fixture(scope="module")
def key() -> Any:
    return rsa.generate_private_key(65537, 2048)


def written(statements: tuple[Statement, ...], iri: str) -> str:
    return write_trig(statements, {"this": iri, "sub": f"{iri}/", "npx": NPX})


@pytest.fixture(scope="module")
def signed(key: Any) -> str:
    parts, _ = take_apart(read_document(NANOPUB)[1])
    assert parts
    return written(*made_signed(parts.all, parts.iri, parts.names["pubinfo"], key, ORCID))


def only(text: str) -> str:
    check = check_nanopub(text)
    assert all(fault.line for fault in check.faults)
    return " | ".join(fault.message for fault in check.faults)


def test_one_that_we_sign_is_valid_and_says_by_whom(signed: str) -> None:
    check = check_nanopub(signed)
    assert check.ok
    assert check.signature
    assert (check.signature.algorithm, check.signature.bits, check.signature.signers) == ("RSA", 2048, (ORCID,))
    assert "signed (RSA 2048 bits by https://orcid.org/0000-0002-1825-0097, key sha256:" in str(check)


def retrusted(text: str) -> str:
    """A changed text with the trusty IRI that it then has, so that nothing but its signature is wrong."""
    parts, _ = take_apart(read_document(text)[1])
    assert parts
    code = parts.iri.rpartition("/")[2]
    return text.replace(code, hash_code(parts.all, code))


def test_what_was_changed_after_signing_is_refused(signed: str) -> None:
    assert "its signature is not of these statements by this key" in only(retrusted(signed.replace("0.370", "0.37")))
    assert retrusted(signed) == signed
    assert "its trusty IRI ends with" in only(signed.replace("0.370", "0.37"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('npx:hasAlgorithm "RSA"', 'npx:hasAlgorithm "MD5"', "made with 'MD5', and RSA and DSA are known"),
        (
            'npx:hasAlgorithm "RSA"',
            'npx:hasAlgorithm "DSA"',
            "said to be made with DSA, and its key is of another kind",
        ),
        ('npx:hasAlgorithm "RSA"', 'npx:hasAlgorithm "RSA", "DSA"', "has 2 algorithms, and needs one"),
        ('npx:hasAlgorithm "RSA";', "", "has no algorithm, and needs one"),
        ('npx:hasAlgorithm "RSA"', "npx:hasAlgorithm npx:RSA", "the algorithm of its signature is no literal"),
        ('npx:hasPublicKey "', 'npx:hasPublicKey "!', "public key of its signature is not written in Base64"),
        ('npx:hasPublicKey "', 'npx:hasPublicKey "AAAA', "the public key of its signature cannot be read"),
        ('npx:hasSignature "', 'npx:hasSignature "AAAA', "its signature is not of these statements by this key"),
        (
            "npx:hasSignatureTarget this:",
            "npx:hasSignatureTarget npx:",
            "does not say that it is of this nanopublication",
        ),
        (f"npx:signedBy <{ORCID}>", 'npx:signedBy "Me"', "who signed it is named by no IRI"),
        ("  sub:sig ", "  npx:other npx:hasSignatureTarget this: .\n  sub:sig ", "it has 2 signatures"),
    ],
)
def test_a_faulty_signature_is_refused_for_its_fault(signed: str, old: str, new: str, message: str) -> None:
    assert old in signed
    assert message in only(retrusted(signed.replace(old, new)))


def test_a_signature_is_not_passed_over_for_a_blank_node(signed: str) -> None:
    plain = signed.replace(check_nanopub(signed).iri, "http://example.org/np/1")
    message = only(plain.replace("sub:assertion {", "sub:assertion { [] npx:a npx:b ."))
    assert message == "a blank node in a signed nanopublication, which must have a name for it"


def test_the_older_layout_is_checked(key: Any) -> None:
    """The first programs signed with DSA, over the digest of the text, and left the key out of it."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import dsa

    private = dsa.generate_private_key(1024)
    parts, _ = take_apart(read_document(NANOPUB)[1])
    assert parts
    element = Iri(f"{parts.iri}signature")
    room = with_room(
        (*parts.all, Statement(parts.names["pubinfo"], element, Iri(f"{NPX}note"), Literal("kept"))), parts.iri
    )
    data = hashlib.sha256(normalised(room, "").encode()).digest()
    made = base64.b64encode(private.sign(data, hashes.SHA1())).decode()
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    me, there, pubinfo = Iri(f"{parts.iri} "), Iri(f"{parts.iri} /signature"), Iri(f"{parts.iri} /pubinfo")
    room += (
        Statement(pubinfo, me, Iri(f"{NPX}hasSignatureElement"), there),
        Statement(pubinfo, there, Iri(f"{NPX}hasPublicKey"), Literal(base64.b64encode(public).decode())),
        Statement(
            pubinfo,
            there,
            Iri(f"{NPX}hasSignature"),
            Literal(made),
        ),
        Statement(pubinfo, there, Iri(f"{NPX}signedBy"), Iri(ORCID)),
    )
    code = hash_code(room, "")
    text = written(with_code(room, code), f"{parts.iri}{code}")
    check = check_nanopub(text)
    assert check.ok, check
    assert check.signature
    assert (check.signature.algorithm, check.signature.bits, check.signature.older) == ("DSA", 1024, True)
    assert "its signature is not of these statements" in only(retrusted(text.replace("0.370", "0.37")))
    assert "its signature is not of these statements" in only(retrusted(text.replace('"kept"', '"left"')))


def test_a_key_is_read_in_each_of_its_forms(tmp_path: Path, key: Any) -> None:
    from cryptography.hazmat.primitives import serialization as s

    bare = tmp_path / "bare"
    bare.write_bytes(base64.encodebytes(key.private_bytes(s.Encoding.DER, s.PrivateFormat.PKCS8, s.NoEncryption())))
    for path in (key_file(tmp_path / "a", key), key_file(tmp_path / "b", key, openssh=True), bare):
        assert read_key(path).public_key() == key.public_key()
    locked = key_file(tmp_path / "c", key, b"secret")
    assert read_key(locked, "secret").public_key() == key.public_key()
    for passphrase in (None, "other"):
        with pytest.raises(ekb.SignatureError) as refused:
            read_key(locked, passphrase)
        assert refused.value.problem == LOCKED


def test_a_key_that_cannot_sign_is_refused(tmp_path: Path, key: Any) -> None:
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = tmp_path / "public"
    public.write_bytes(key.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo))
    for path, message in (
        (public, "it holds no private key"),
        (key_file(tmp_path / "ed", Ed25519PrivateKey.generate()), "this is of another kind"),
        (key_file(tmp_path / "small", rsa.generate_private_key(65537, 1024)), "this is of 1024 bits"),
    ):
        with pytest.raises(ekb.SignatureError, match=message):
            read_key(path)
    with pytest.raises(FileNotFoundError):
        read_key(tmp_path / "none")


def test_without_the_library_a_signature_is_not_passed_over(signed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.serialization", None)
    with pytest.raises(ekb.EngineError, match=r"pip install 'evidencekb\[sign\]'"):
        check_nanopub(signed)
    assert check_nanopub(NANOPUB).ok


def test_every_file_of_the_suite_that_is_to_be_signed_can_be(shared: Path, key: Any) -> None:
    for path in sorted((shared / SUITE / "transform").rglob("*.trig")):
        parts, _ = take_apart(read_document(path)[1])
        assert parts
        check = check_nanopub(written(*made_signed(parts.all, parts.iri, parts.names["pubinfo"], key)))
        assert check.ok, check
        assert check.signature
