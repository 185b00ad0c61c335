"""Signatures of sealed files, in the format of OpenSSH: made here or by ``ssh-keygen -Y sign``, checked by either.

A signature is a file of its own beside the sealed one. It says that whoever holds a key signed these very bytes; whose key it is,
the reader must know. Keys are those that people have for SSH and for signing commits: Ed25519, ECDSA or RSA.

References:
    OpenSSH, PROTOCOL.sshsig; RFC 4253, 6.6, RFC 5656, 3.1.2, RFC 8332, 3, and RFC 8709, 6, for the signatures in it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencekb.engines.verifying import check_seal
from evidencekb.errors import SignatureError
from evidencekb.extras import needed

EXTRA = "sign"
SUFFIX = ".sig"
NAMESPACE = "file"
"""What a signature is for: one that was made for an email or a commit is none of a file."""

_MAGIC = b"SSHSIG"
_HASHES = {"sha512": hashlib.sha512, "sha256": hashlib.sha256}
_MOST = 100_000
_PART = 4 * 1024 * 1024
_DEVICE_SAYS = 5
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_IN_HARDWARE = {
    "sk-ssh-ed25519@openssh.com": "ssh-ed25519",
    "sk-ecdsa-sha2-nistp256@openssh.com": "ecdsa-sha2-nistp256",
}
"""Keys in a device, and those that they are inside of it: OpenSSH signs with them, and both check."""
_KEY = re.compile(
    rf"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|{'|'.join(map(re.escape, _IN_HARDWARE))})"
    r"[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*))?"
)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed.

    Attributes:
        kind: The kind of key, as OpenSSH names it.
        fingerprint: Of the key: ``SHA256:`` and the digest, as ``ssh-keygen -l`` prints it.
        comment: What stands behind the key in the list of signers, such as an address; '' when nothing does.
    """

    kind: str
    fingerprint: str
    comment: str = ""

    def __str__(self) -> str:
        return f"{self.comment or 'a key without a name'} ({self.kind} {self.fingerprint})"


def signature_of(path: Path) -> Path:
    """Where the signature of a file stands.

    Examples:
        >>> signature_of(Path("pack.ekb")).name
        'pack.ekb.sig'
    """
    return path.with_name(path.name + SUFFIX)


def sign(path: Path, key: Path, *, passphrase: str | None = None) -> Path:
    """Sign a sealed file that is whole; gives the signature's file, ``FILE.sig``, written anew.

    Args:
        path: The sealed file.
        key: A private key of OpenSSH, such as ``~/.ssh/id_ed25519``.
        passphrase: Of the key, when it has one.

    Raises:
        SealedFileError: If the file is not whole.
        SignatureError: If the key cannot be used; ``problem`` is :data:`LOCKED` when it has a passphrase.
        EngineError: If the library for keys is not installed.
        OSError: If a file cannot be read or written.
    """
    check_seal(path)
    text = _armored(_signature(_private_key(key, passphrase), _digest(path, "sha512")))
    out = signature_of(path)
    out.write_text(text, encoding="ascii")
    return out


_ELSE = "`pip install 'evidencekb[sign]'`, or sign with `ssh-keygen -Y sign -n file`, as a key in hardware does"
LOCKED = "it has a passphrase, and none was given, or another one; on a terminal you are asked for it"


def check_signature(path: Path, signers: Path) -> Signer:
    """Check that one of some signers signed a file as it is now; gives who.

    Args:
        path: The file; its signature stands beside it as ``FILE.sig``.
        signers: Public keys, one a line as in a ``.pub`` file; ``#`` begins a comment.

    Raises:
        SignatureError: If there is no signature, it is none of these signers, or not of this file.
        EngineError: If the library for keys is not installed.
        OSError: If a file cannot be read.
    """
    beside = signature_of(path)
    if not beside.exists():
        raise SignatureError(str(path), f"it is not signed: there is no {beside.name} beside it")
    blob, hash_name, signature = _read(beside)
    signer = next((signer for key, signer in _signers(signers) if key == blob), None)
    if signer is None:
        raise SignatureError(str(path), f"it is signed by {_fingerprint(blob)}, which {signers} does not name")
    if not _fits(blob, signature, _signed(hash_name, _digest(path, hash_name))):
        raise SignatureError(str(path), f"the signature by {signer} is not of these bytes: one of the two was changed")
    return signer


# The format.


def _string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _strings(data: bytes) -> Iterator[bytes]:
    """The strings that a text of the format is made of, each behind its length."""
    at = 0
    while at < len(data):
        if at + 4 > len(data):
            raise ValueError("it ends inside of a length")
        (length,) = struct.unpack_from(">I", data, at)
        at += 4 + length
        if at > len(data):
            raise ValueError("it ends inside of a part")
        yield data[at - length : at]


def _signed(hash_name: str, digest: bytes) -> bytes:
    """What is signed: never the file's own bytes, so that no signature of another protocol can be taken for one."""
    return _MAGIC + b"".join(map(_string, (NAMESPACE.encode(), b"", hash_name.encode(), digest)))


def _armored(blob: bytes) -> str:
    text = base64.b64encode(blob).decode()
    return "\n".join([_BEGIN, *(text[at : at + 70] for at in range(0, len(text), 70)), _END, ""])


def _read(path: Path) -> tuple[bytes, str, bytes]:
    """The public key, the name of the hash and the signature that a signature's file holds."""
    with path.open("rb") as file:
        text = file.read(_MOST + 1).decode("ascii", "replace").strip()
    try:
        if not (text.startswith(_BEGIN) and text.endswith(_END)) or len(text) > _MOST:
            raise ValueError("it does not stand between the two lines that such a file has")
        blob = base64.b64decode("".join(text[len(_BEGIN) : -len(_END)].split()), validate=True)
        if blob[:10] != _MAGIC + struct.pack(">I", 1):
            raise ValueError("it is not of version 1 of the format")
        key, namespace, _, hash_name, signature = _strings(blob[10:])
    except ValueError as problem:
        raise SignatureError(str(path), f"no signature of OpenSSH: {problem}") from problem
    if namespace != NAMESPACE.encode():
        wanted = f"one of a file has {NAMESPACE!r}; sign with `ssh-keygen -Y sign -n {NAMESPACE}`"
        raise SignatureError(str(path), f"it was made for {namespace.decode('ascii', 'replace')!r}: {wanted}")
    if hash_name.decode("ascii", "replace") not in _HASHES:
        raise SignatureError(str(path), f"its hash is {hash_name!r}; the format has {' and '.join(_HASHES)}")
    return key, hash_name.decode(), signature


def _digest(path: Path, hash_name: str) -> bytes:
    digest = _HASHES[hash_name]()
    with path.open("rb") as file:
        while part := file.read(_PART):
            digest.update(part)
    return digest.digest()


def _fingerprint(blob: bytes) -> str:
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _signers(path: Path) -> Iterator[tuple[bytes, Signer]]:
    """The public keys of a list, and who signs with each."""
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    keys = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip() and line.strip()[0] != "#"]
    for number, line in keys:
        if not (found := _KEY.fullmatch(line)):
            if "PRIVATE KEY" in line:
                raise SignatureError(str(path), "that is a private key; give the public one, which ends in .pub")
            why = "is no public key of a kind that can sign here (ssh-ed25519, ecdsa-sha2-nistp…, ssh-rsa, or sk-…)"
            raise SignatureError(f"{path}:{number}", f"{why}; options and principals are not read: give keys alone")
        blob = base64.b64decode(found[2] + "=" * (-len(found[2]) % 4))
        yield blob, Signer(found[1], _fingerprint(blob), found[3] or "")
    if not keys:
        raise SignatureError(str(path), "it holds no public key")


# Keys and their signatures.


def _private_key(path: Path, passphrase: str | None) -> Any:
    serialization = needed("cryptography.hazmat.primitives.serialization", EXTRA)
    unsupported = needed("cryptography.exceptions", EXTRA).UnsupportedAlgorithm
    data, secret = path.read_bytes(), passphrase.encode() if passphrase else None
    if data.startswith((b"ssh-", b"ecdsa-", b"sk-")):
        raise SignatureError(
            str(path), "that is a public key; give the private one, which mostly has the name without .pub"
        )
    load = serialization.load_ssh_private_key if b"OPENSSH PRIVATE KEY" in data else serialization.load_pem_private_key
    try:
        key = load(data, secret)
        _kind(_public_blob(key.public_key()))
    except unsupported as problem:
        raise SignatureError(str(path), f"it cannot be read: {problem}; {_ELSE}") from problem
    except (ValueError, TypeError) as problem:
        said = str(problem).lower()
        locked = "not encrypted" not in said and (secret is not None or "password" in said)
        why = LOCKED if locked else f"it is no private key that can sign here: {problem}"
        raise SignatureError(str(path), why) from problem
    return key


def _public_blob(key: Any) -> bytes:
    serialization = needed("cryptography.hazmat.primitives.serialization", EXTRA)
    line = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return base64.b64decode(line.split(b" ")[1])


def _kind(blob: bytes) -> str:
    kind = next(_strings(blob), b"").decode("ascii", "replace")
    if kind in _IN_HARDWARE:
        raise ValueError("a key in hardware signs by its own way: `ssh-keygen -Y sign -n file`")
    if not _KEY.fullmatch(f"{kind} AAAA"):
        raise ValueError(f"keys of kind {kind!r} cannot sign here")
    return kind


def _signature(key: Any, digest: bytes) -> bytes:
    """The whole signature, before it is put into letters."""
    blob, data = _public_blob(key.public_key()), _signed("sha512", digest)
    kind = _kind(blob)
    if kind == "ssh-ed25519":
        signature = key.sign(data)
    elif kind == "ssh-rsa":
        kind = "rsa-sha2-512"  # the kind of key has no say in how it signs, and its own way is broken
        padding, hashes = _rsa()
        signature = key.sign(data, padding.PKCS1v15(), hashes.SHA512())
    else:
        utils = needed("cryptography.hazmat.primitives.asymmetric.utils", EXTRA)
        r, s = utils.decode_dss_signature(key.sign(data, _ecdsa(kind)))
        signature = _string(_mpint(r)) + _string(_mpint(s))
    held = _string(kind.encode()) + _string(signature)
    parts = (blob, NAMESPACE.encode(), b"", b"sha512", held)
    return _MAGIC + struct.pack(">I", 1) + b"".join(map(_string, parts))


def _fits(blob: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a signature is one of the data by the key."""
    try:
        if (sort := next(_strings(blob), b"").decode("ascii", "replace")) in _IN_HARDWARE:
            return _fits(*_of_hardware(_IN_HARDWARE[sort], sort, blob, signature, data))
    except ValueError:
        return False
    serialization = needed("cryptography.hazmat.primitives.serialization", EXTRA)
    invalid = needed("cryptography.exceptions", EXTRA).InvalidSignature
    try:
        kind = _kind(blob)
        key = serialization.load_ssh_public_key(f"{kind} {base64.b64encode(blob).decode()}".encode())
        way, held = _strings(signature)
        if kind == "ssh-rsa":
            padding, hashes = _rsa()
            hashed = {b"rsa-sha2-512": hashes.SHA512, b"rsa-sha2-256": hashes.SHA256}[way]
            key.verify(held, data, padding.PKCS1v15(), hashed())
        elif way != kind.encode():
            return False
        elif kind == "ssh-ed25519":
            key.verify(held, data)
        else:
            utils = needed("cryptography.hazmat.primitives.asymmetric.utils", EXTRA)
            r, s = (int.from_bytes(part, "big") for part in _strings(held))
            key.verify(utils.encode_dss_signature(r, s), data, _ecdsa(kind))
    except (ValueError, KeyError, invalid):
        return False
    return True


def _of_hardware(kind: str, sort: str, blob: bytes, signature: bytes, data: bytes) -> tuple[bytes, bytes, bytes]:
    """The key inside of a device, its signature, and what the device signed: PROTOCOL.u2f of OpenSSH."""
    _, *key, application = _strings(blob)
    way, held = _strings(signature[:-_DEVICE_SAYS])
    if way != sort.encode():
        raise ValueError("the signature is of another kind than the key")
    told = signature[-_DEVICE_SAYS:]  # whether somebody touched it, and how many it signed
    signed = hashlib.sha256(application).digest() + told + hashlib.sha256(data).digest()
    inside = b"".join(map(_string, (kind.encode(), *key)))
    return inside, _string(kind.encode()) + _string(held), signed


def _rsa() -> tuple[Any, Any]:
    padding = needed("cryptography.hazmat.primitives.asymmetric.padding", EXTRA)
    return padding, needed("cryptography.hazmat.primitives.hashes", EXTRA)


def _ecdsa(kind: str) -> Any:
    hashes = needed("cryptography.hazmat.primitives.hashes", EXTRA)
    hashed = {"256": hashes.SHA256, "384": hashes.SHA384, "521": hashes.SHA512}[kind[-3:]]
    return needed("cryptography.hazmat.primitives.asymmetric.ec", EXTRA).ECDSA(hashed())


def _mpint(number: int) -> bytes:
    """A number as the format holds it; a leading zero keeps it from being read as negative."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")
