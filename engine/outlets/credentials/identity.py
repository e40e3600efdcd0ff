"""Who signs: the merchant's certificate, or one that this installation made for itself."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engine.outlets.credentials.errors import CredentialsError

OWN_FILE = "recordings.pem"
"""The own key and its certificates, in the state folder, readable by this user only.

One whose certificate does not hold now lies beside it, under the year of that (``recordings-2026.pem``): a clock that
was wrong must not cost the key by which recordings are known.
"""

_OWN_DAYS = 3650
_BEFORE = timedelta(days=1)
"""A certificate holds from a day before it was made: clocks of those who check it may be behind."""

_FOR_SIGNING = frozenset(
    {
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
        "1.3.6.1.5.5.7.3.36",  # document signing (RFC 9336)
        "1.3.6.1.4.1.62558.2.1",  # C2PA claim signing
    }
)
"""What a certificate may be for, so that C2PA takes it (C2PA 2.2, 14.5.1)."""

_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


@dataclass(frozen=True, slots=True)
class Identity:
    """A key (PEM, PKCS #8) with its certificates (PEM, the signing one first), and C2PA's name of the algorithm."""

    key: bytes
    certificates: bytes
    algorithm: str


def identity(certificate: Path | None, key: Path | None, state: Path) -> Identity:
    """The identity in the merchant's files; without them the own one in ``state``, which is made when it is missing.

    Raises:
        CredentialsError: a file cannot be read, or C2PA would not take what it holds.
    """
    if certificate is not None and key is not None:
        return _read(_content(certificate), _content(key))
    return _own(state / OWN_FILE)


def _own(file: Path) -> Identity:
    """The own identity: the one in ``file``, else one that was laid aside and holds now, else a new one."""
    if file.exists():
        try:
            return _read(_content(file), _content(file))
        except _ExpiredError:
            _lay_aside(file)
    for old in sorted(file.parent.glob(f"{file.stem}-*{file.suffix}")):
        with suppress(CredentialsError):
            found = _read(_content(old), _content(old))
            _keep(file, _content(old))
            return found
    _keep(file, _make_own())
    return _read(_content(file), _content(file))


class _ExpiredError(CredentialsError):
    pass


def _lay_aside(file: Path) -> None:
    """Give an own identity that does not hold now a name under which it is found again."""
    try:
        began = x509.load_pem_x509_certificates(_content(file))[0].not_valid_before_utc
        aside, number = file.with_stem(f"{file.stem}-{began:%Y}"), 2
        while aside.exists() and aside.read_bytes() != _content(file):
            aside, number = file.with_stem(f"{file.stem}-{began:%Y}-{number}"), number + 1
        file.replace(aside)
    except OSError as error:
        raise CredentialsError(f"{file} cannot be laid aside: {error.strerror}") from error


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CredentialsError(f"{file} cannot be read: {error.strerror}") from error


def _read(certificates: bytes, key_file: bytes) -> Identity:
    try:
        chain = x509.load_pem_x509_certificates(certificates)
    except ValueError as error:
        raise CredentialsError("the file of the certificate holds no PEM certificate") from error
    try:
        key = load_pem_private_key(key_file, None)
    except TypeError as error:
        raise CredentialsError("the key is locked by a password; Everhost needs it without") from error
    except ValueError as error:
        raise CredentialsError("the file of the key holds no PEM key") from error
    if key.public_key().public_bytes(*_DER) != chain[0].public_key().public_bytes(*_DER):
        raise CredentialsError("the key does not belong to the first certificate of the file")
    algorithm = _algorithm(key)
    if not algorithm:
        raise CredentialsError(
            "this kind of key is not for C2PA: take P-256, P-384, P-521, RSA from 2048 bits, Ed25519"
        )
    now = datetime.now(UTC)
    if not chain[0].not_valid_before_utc <= now <= chain[0].not_valid_after_utc:
        first, last = (f"{day:%Y-%m-%d}" for day in (chain[0].not_valid_before_utc, chain[0].not_valid_after_utc))
        raise _ExpiredError(f"the certificate holds from {first} to {last} only")
    if not _is_for_signing(chain[0]):
        raise CredentialsError("the certificate is not for signing: C2PA asks for emailProtection or documentSigning")
    pem = b"".join(each.public_bytes(Encoding.PEM) for each in chain)
    return Identity(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), pem, algorithm)


_DER = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _algorithm(key: object) -> str:
    """C2PA's name for what such a key signs with; "" for a key of another kind."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _CURVES.get(key.curve.name, "")
    if isinstance(key, rsa.RSAPrivateKey):
        return "ps256" if key.key_size >= 2048 else ""
    return "ed25519" if isinstance(key, ed25519.Ed25519PrivateKey) else ""


def _is_for_signing(certificate: x509.Certificate) -> bool:
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        key_use = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return key_use.digital_signature and any(use.dotted_string in _FOR_SIGNING for use in uses)


def _make_own() -> bytes:
    """A new key with its certificate and that of the authority that signed it, whose key is not kept."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name, name = _name("Everhost, an installation's own authority"), _name("Everhost, an installation's own")
    authority = (
        _certificate(authority_name, authority_name, authority_key.public_key(), authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    own = (
        _certificate(name, authority_name, key.public_key(), authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem + own.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM)


def _name(common: str) -> x509.Name:
    named = {NameOID.ORGANIZATION_NAME: "Everhost (self-made certificate)", NameOID.COMMON_NAME: common}
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in named.items()])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, issuer_key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + timedelta(days=_OWN_DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _keep(file: Path, pem: bytes) -> None:
    """Write ``file`` at once, for this user only; where another process was first, its file stays."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
        with os.fdopen(handle, "wb") as out:
            out.write(pem)
        with suppress(FileExistsError):
            os.link(draft, file)
        Path(draft).unlink()
    except OSError as error:
        raise CredentialsError(f"{file} cannot be written: {error.strerror}") from error
