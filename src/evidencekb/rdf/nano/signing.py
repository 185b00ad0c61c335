"""Signatures of nanopublications: RSA as they are made today, and the older layout with DSA, checked and not made.

A signature is over the text that is hashed for the trusty IRI, without the signature itself. It says that whoever holds the key
signed these very statements; whose key it is, the reader must know.

References:
    Kuhn et al. (2021), Semantic micro-contributions with decentralized nanopublication services, PeerJ Computer Science 7:e387.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencekb.engines.signing import EXTRA, LOCKED
from evidencekb.errors import SignatureError
from evidencekb.extras import needed
from evidencekb.rdf.nano.faults import Fault, Unreadable
from evidencekb.rdf.nano.rules import Parts
from evidencekb.rdf.nano.statements import Blank, Iri, Literal, Statement
from evidencekb.rdf.nano.trusty import artifact_code, hash_code, normalised, trusty_base, ways, with_code, with_room

NPX = "http://purl.org/nanopub/x/"
_TARGET, _ELEMENT, _SIGNATURE, _KEY, _ALGORITHM, _SIGNED_BY = (
    Iri(NPX + name)
    for name in (
        "hasSignatureTarget", "hasSignatureElement", "hasSignature", "hasPublicKey", "hasAlgorithm", "signedBy",
    )
)  # fmt: skip
_LEAST_BITS = 2048


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that was found good.

    Attributes:
        algorithm: ``RSA`` or ``DSA``.
        bits: Size of the key; below 2048 it can be forged by those with much to spend.
        fingerprint: SHA-256 of the public key, as ``sha256:`` and hexadecimal digits.
        signers: Who signed, as the nanopublication says itself; nobody checked whose the key is.
        older: Whether it has the older layout.
    """

    algorithm: str
    bits: int
    fingerprint: str
    signers: tuple[str, ...] = ()
    older: bool = False

    def __str__(self) -> str:
        by = f" by {', '.join(self.signers)}" if self.signers else ""
        return f"{self.algorithm} {self.bits} bits{by}, key {self.fingerprint[:19]}"


def check_signature(parts: Parts) -> Signature | Fault | None:
    """The signature of a nanopublication, or what is wrong with it; None when it has none.

    Raises:
        EngineError: If there is one, and the library for keys is not installed.
    """
    held = parts.statements["pubinfo"]
    elements: dict[Any, Statement] = {s.subject: s for s in held if s.predicate == _TARGET and s.object == parts.iri}
    older: dict[Any, Statement] = {s.object: s for s in held if s.predicate == _ELEMENT and s.subject == parts.iri}
    first = next((s for s in held if s.predicate == _SIGNATURE), None)
    if not elements and not older:
        what = f"a signature stands here, and {_TARGET} does not say that it is of this nanopublication"
        return Fault(what, first.line) if first else None
    found: dict[Any, Statement] = {**older, **elements}
    if len(found) > 1:
        return Fault(f"it has {len(found)} signatures, and one can be checked", max(s.line for s in found.values()))
    ((element, statement),) = found.items()
    if blank := next((s for s in parts.all if any(isinstance(part, Blank) for part in s.said)), None):
        return Fault("a blank node in a signed nanopublication, which must have a name for it", blank.line)
    try:
        return _verified(parts, element, statement, older=not elements)
    except Unreadable as problem:
        return problem.fault


def _verified(parts: Parts, element: object, named: Statement, *, older: bool) -> Signature:
    if not isinstance(element, Iri):
        raise Unreadable("its signature is no IRI", named.line)
    said = [s for s in parts.statements["pubinfo"] if s.subject == element]
    signature = _one(said, _SIGNATURE, "signature", named)
    key = _one(said, _KEY, "public key", named)
    algorithm = "DSA" if older else _one(said, _ALGORITHM, "algorithm", named).text.upper()
    by = [s for s in said if s.predicate == _SIGNED_BY]
    if nameless := next((s for s in by if not isinstance(s.object, Iri)), None):
        raise Unreadable("who signed it is named by no IRI", nameless.line)
    left_out = {_SIGNATURE, _KEY, _SIGNED_BY} if older else {_SIGNATURE}
    signed = tuple(
        s for s in parts.all
        if not (s in said and s.predicate in left_out) and not (older and s.predicate == _ELEMENT and s.graph == named.graph)
    )  # fmt: skip
    line = next(s.line for s in said if s.predicate == _SIGNATURE)
    der = _bytes(key, "public key", line)
    public, bits = _public(der, algorithm, line)
    code = artifact_code(parts.iri)
    if not any(
        _is_good(public, algorithm, _bytes(signature, "signature", line), text, older) for text in ways(signed, code)
    ):
        raise Unreadable("its signature is not of these statements by this key: one of the three was changed", line)
    signers = tuple(sorted({str(s.object) for s in by}))
    return Signature(algorithm, bits, f"sha256:{hashlib.sha256(der).hexdigest()}", signers, older)


def _one(said: Sequence[Statement], predicate: Iri, what: str, named: Statement) -> Literal:
    found = {s.object: s.line for s in said if s.predicate == predicate}
    if len(found) != 1:
        raise Unreadable(
            f"its signature has {len(found) or 'no'} {what}{'s' if found else ''}, and needs one", named.line
        )
    ((value, line),) = found.items()
    if not isinstance(value, Literal):
        raise Unreadable(f"the {what} of its signature is no literal", line)
    return value


def _bytes(literal: Literal, what: str, line: int) -> bytes:
    try:
        return base64.b64decode("".join(literal.text.split()), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise Unreadable(f"the {what} of its signature is not written in Base64: {problem}", line) from None


def _public(der: bytes, algorithm: str, line: int) -> tuple[Any, int]:
    serialization = needed("cryptography.hazmat.primitives.serialization", EXTRA)
    unsupported = needed("cryptography.exceptions", EXTRA).UnsupportedAlgorithm
    rsa = needed("cryptography.hazmat.primitives.asymmetric.rsa", EXTRA)
    dsa = needed("cryptography.hazmat.primitives.asymmetric.dsa", EXTRA)
    kinds = {"RSA": rsa.RSAPublicKey, "DSA": dsa.DSAPublicKey}
    if algorithm not in kinds:
        raise Unreadable(f"its signature is made with {algorithm!r}, and RSA and DSA are known", line)
    try:
        public = serialization.load_der_public_key(der)
    except (ValueError, TypeError, unsupported) as problem:
        raise Unreadable(f"the public key of its signature cannot be read: {problem}", line) from None
    if not isinstance(public, kinds[algorithm]):
        raise Unreadable(f"its signature is said to be made with {algorithm}, and its key is of another kind", line)
    return public, int(public.key_size)


def _is_good(public: Any, algorithm: str, signature: bytes, text: str, older: bool) -> bool:
    hashes = needed("cryptography.hazmat.primitives.hashes", EXTRA)
    padding = needed("cryptography.hazmat.primitives.asymmetric.padding", EXTRA)
    invalid = needed("cryptography.exceptions", EXTRA).InvalidSignature
    data = text.encode()
    try:
        if older:  # the first layout signed the digest of the text
            public.verify(signature, hashlib.sha256(data).digest(), hashes.SHA1())
        elif algorithm == "DSA":
            public.verify(signature, data, hashes.SHA256())
        else:
            public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except (invalid, ValueError):
        return False
    return True


def read_key(path: Path, passphrase: str | None = None) -> Any:
    """The RSA key of a file, for signing; no key is ever made here.

    Args:
        path: A private key as PEM, of OpenSSH, or the bare Base64 that programs for nanopublications keep.
        passphrase: Of the key, when it has one.

    Raises:
        SignatureError: If it holds no RSA key of at least 2048 bits.
        EngineError: If the library for keys is not installed.
        OSError: If it cannot be read.
    """
    serialization = needed("cryptography.hazmat.primitives.serialization", EXTRA)
    unsupported = needed("cryptography.exceptions", EXTRA).UnsupportedAlgorithm
    rsa = needed("cryptography.hazmat.primitives.asymmetric.rsa", EXTRA)
    data, secret = path.read_bytes(), passphrase.encode() if passphrase else None
    try:
        if b"OPENSSH PRIVATE KEY" in data:
            key = serialization.load_ssh_private_key(data, secret)
        elif b"-----BEGIN" in data:
            key = serialization.load_pem_private_key(data, secret)
        else:
            key = serialization.load_der_private_key(base64.b64decode(b"".join(data.split()), validate=True), secret)
    except (ValueError, TypeError, unsupported) as problem:
        said = str(problem).lower()
        locked = "password" in said or "encrypted" in said
        raise SignatureError(
            str(path), LOCKED if locked else f"it holds no private key that can sign: {problem}"
        ) from problem
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < _LEAST_BITS:
        what = f"{key.key_size} bits" if isinstance(key, rsa.RSAPrivateKey) else "another kind"
        raise SignatureError(
            str(path), f"a nanopublication is signed with an RSA key of 2048 bits or more, and this is of {what}"
        )
    return key


def made_signed(
    statements: Sequence[Statement], iri: str, pubinfo: Iri, key: Any, signer: str = ""
) -> tuple[tuple[Statement, ...], str]:
    """The statements signed and with a trusty IRI, and that IRI.

    Args:
        statements: Those of a nanopublication that has neither.
        iri: Its IRI, without a code.
        pubinfo: The name of its publication info, where the signature goes.
        key: What :func:`read_key` gives.
        signer: Who signs, as an IRI; '' leaves it out.
    """
    padding = needed("cryptography.hazmat.primitives.asymmetric.padding", EXTRA)
    hashes = needed("cryptography.hazmat.primitives.hashes", EXTRA)
    element = Iri(f"{iri}{'' if iri[-1] in '/#' else '/'}sig")
    told: list[tuple[Iri, Iri | Literal]] = [
        (_TARGET, Iri(iri)),
        (_ALGORITHM, Literal("RSA")),
        (_KEY, Literal(public_key(key))),
    ]
    if signer:
        told.append((_SIGNED_BY, Iri(signer)))
    whole = with_room((*statements, *(Statement(pubinfo, element, p, o) for p, o in told)), iri)
    made = key.sign(normalised(whole, "").encode(), padding.PKCS1v15(), hashes.SHA256())
    # The place of the signature is that of the other statements about it, as they are by now.
    place = next(s for s in whole if s.predicate == _TARGET)
    whole += (Statement(place.graph, place.subject, _SIGNATURE, Literal(base64.b64encode(made).decode())),)
    code = hash_code(whole, "")
    return with_code(whole, code), trusty_base(iri) + code


def public_key(held: Any) -> str:
    """The public key of a private one, or that a nanopublication names for its signature ('' if none), as it is written there."""
    if isinstance(held, Parts):
        return next(
            (
                s.object.text
                for s in held.statements["pubinfo"]
                if s.predicate == _KEY and isinstance(s.object, Literal)
            ),
            "",
        )
    serialization = needed("cryptography.hazmat.primitives.serialization", EXTRA)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(held.public_key().public_bytes(serialization.Encoding.DER, form)).decode()


def without_signature(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements but for those of a signature."""
    elements = {s.subject for s in statements if s.predicate in (_TARGET, _SIGNATURE)}
    return tuple(s for s in statements if s.subject not in elements)
