#!/usr/bin/python3
"""Gets data out of a Lifeboat backup without Lifeboat; see README.md. Written from backup-core/FORMAT.md alone."""
import argparse, base64, contextlib, functools, getpass, hashlib, hmac, io, json, os, re, resource, signal, subprocess, sys, unicodedata
try:
    from argon2.low_level import Type, hash_secret_raw
    from cryptography.exceptions import InvalidSignature, InvalidTag
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
except ImportError as e:
    sys.exit(f"recover: {e.name} is missing: apt-get install python3-cryptography python3-argon2, and use /usr/bin/python3")

NAME = "(?!(?:catalog|lease|series|keys|con|prn|aux|nul|(?:com|lpt)[0-9])$)[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
ID = "[0-9]{8}T[0-9]{6}Z-[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?-[a-z2-7]{8}"
DECODERS = {(): ["cat"], ("zstd",): ["zstd", "-dqc"], ("gzip",): ["gzip", "-dqc"]}
ENDINGS = {"zstd": "[.]zst", "gzip": "[.]gz", "floe": "[.]floe"}
SEGMENT = 65536
PARAMETERS = b"\0\0" + SEGMENT.to_bytes(4, "big") + (32).to_bytes(4, "big")
NEWER = "is of a newer version: a newer recovery kit is needed"
MALFORMED = (subprocess.SubprocessError, KeyError, TypeError, ValueError, AttributeError, RecursionError, InvalidTag, InvalidSignature)
RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw
SPKI = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
argon2 = functools.cache(hash_secret_raw)
passphrase = lambda text: ("passphrase", unicodedata.normalize("NFC", text).encode())
binary = functools.partial(base64.b64decode, validate=True)

class Refused(Exception):
    """Why nothing is restored, in one sentence."""
def need(condition, sentence):
    if not condition:
        raise Refused(sentence)

def read(path, most=1 << 16):
    data = open(path, "rb").read(most + 1)
    need(len(data) <= most, f"{path} is damaged: it has more than {most} bytes")
    return data

def prove(path, what, expected):
    digest, size = hashlib.sha256(), os.path.getsize(path)
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(SEGMENT), b""):
            digest.update(chunk)
    right = [expected["size"], expected["sha256"]] == [size, digest.hexdigest()]
    need(right, f"{what} is damaged: its size or SHA-256 is not what was recorded")

def parse(data, what, format=None):
    value = json.loads(data.decode(), parse_float=int, parse_constant=int, object_pairs_hook=lambda pairs:
                       dict(pairs) if len(dict(pairs)) == len(pairs) else int("a key twice"))  # fails as int("1.5") does
    need(format in (None, value.get("format")), f"{what} {NEWER}")
    return value

class Joined(io.RawIOBase):
    """Files put together."""
    def __init__(self, paths):
        self.files, self.file = (open(path, "rb") for path in paths), io.BytesIO()
    readable = lambda self: True
    def readinto(self, buffer):
        while not (size := self.file.readinto(buffer)) and (file := next(self.files, None)):
            self.file = file
        return size

def floe(key, aad, source):
    """The content, segment by segment, each proven before it is given."""
    def derive(secret, purpose, size):
        return HKDFExpand(hashes.SHA384(), size, header[:42] + purpose + aad.encode()).derive(secret)
    header, position, last = source.read(74), 0, False
    need(hmac.compare_digest(header, PARAMETERS + header[10:42] + derive(key, b"HEADER_TAG:", 32)), f"{aad} does not open")
    message = derive(key, b"MESSAGE_KEY:", 48)
    while not last:
        segment, number = source.read(SEGMENT), position.to_bytes(8, "big")
        last = segment[:4] != b"\xff\xff\xff\xff"
        need(32 <= len(segment) == (int.from_bytes(segment[:4], "big") if last else SEGMENT), f"{aad} is damaged: it was cut")
        if position % 2**20 == 0:
            cipher = AESGCM(derive(message, b"DEK:" + number, 32))
        yield cipher.decrypt(segment[4:16], segment[16:], number + bytes([last]))
        position += 1
    need(not source.read(1), f"{aad} is damaged: something follows its end")

def hpke(private, enc, sealed, aad):
    """RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM: the first message."""
    def extract(suite, salt, label, ikm):
        return hmac.digest(salt, b"HPKE-v1" + suite + label + ikm, "sha256")
    def expand(suite, prk, label, context, size):
        return HKDFExpand(hashes.SHA256(), size, size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context).derive(prk)
    kem, suite, dh = b"KEM\0\x20", b"HPKE\0\x20\0\1\0\2", private.exchange(X25519PublicKey.from_public_bytes(enc))
    shared = expand(kem, extract(kem, b"", b"eae_prk", dh), b"shared_secret", enc + private.public_key().public_bytes(*RAW), 32)
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", b"lifeboat 1 slot")
    secret = extract(suite, shared, b"secret", b"")
    key, nonce = expand(suite, secret, b"key", context, 32), expand(suite, secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, sealed, aad)

def key(file, kind, prefix):
    text, begin = read(file).decode(), prefix.replace("-", "")
    if kind == "key" and re.fullmatch("[A-Za-z0-9+/]{43}=", text.strip()):
        return kind, base64.b64decode(text)
    text, digits = re.sub(r"[\s-]", "", text).lower(), "0123456789abcdefghjkmnpqrstvwxyzoil"
    need(re.fullmatch(begin + "[0-9a-tv-z]{56}", text), f"{file} holds no {prefix}…, or not all of it")
    data = base64.b32decode(text[len(begin):].translate(str.maketrans(digits, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABB")))
    need(hashlib.sha256(prefix.encode() + data[:32]).digest()[:3] == data[32:], f"{file} has a typing mistake")
    return kind, data[:32]

def trusted(file):
    public = serialization.load_pem_public_key(read(file))
    return hashlib.sha256(public.public_bytes(*SPKI)).digest()[:8].hex(), public

class Backup:
    """One backup, its records proven, its seal opened if there is a secret."""
    def __init__(self, args, id):
        self.args, self.context, stem = args, f"{args.series}/{id}", f"{args.series}/catalog/{id}"
        need(not args.tombstones(id), f"{self.context} was deleted, as {' '.join(args.tombstones(id))} says")
        what, path, kind = f"{stem}.json", os.path.join(args.sink, stem), args.secret[0]
        auth = parse(read(f"{path}.auth"), f"{stem}.auth", 1)
        prove(f"{path}.json", what, auth)
        data = read(f"{path}.json", 1 << 24)
        self.manifest = manifest = parse(data, what, 1)
        need(manifest["layout"] == "parts" and {"sealed"}.issuperset(manifest.get("critical", [])), f"{what} {NEWER}")
        need((manifest["id"], manifest["series"]) == (id, args.series), f"{what} is of another backup")
        self.components, self.details = {one["name"]: one for one in manifest["components"]}, manifest.get("details")
        self.sealed = self.details is None
        need(self.sealed == ("sealed" in manifest) and all(re.fullmatch(NAME, name) for name in self.components), f"{what} is damaged")
        if self.sealed and kind:
            self.key = self.unlock(os.path.join(args.sink, args.series, id), *args.secret)
            need(self.has_mac(self.key, "manifest", data, auth), f"{stem}.auth is damaged or forged: its MAC is wrong")
            sealed = io.BytesIO(binary(manifest["sealed"]))
            self.details = parse(b"".join(floe(self.subkey(self.key, "seal"), f"{self.context} details", sealed)), what)
        signer = dict(args.trust).get(auth.get("signer"))
        signed = signer and not signer.verify(binary(auth["signature"]), b"lifeboat 1 manifest\n" + data)
        self.proven = signed or self.sealed and kind in ("passphrase", "key")
    def subkey(self, key, use):
        return HKDF(hashes.SHA384(), 32, self.context.encode(), f"lifeboat 1 {use}".encode()).derive(key)
    def has_mac(self, key, use, message, record):
        mac = hmac.digest(self.subkey(key, use), message, "sha256").hex()
        return hmac.compare_digest(mac.encode(), str(record.get("mac")).encode())
    def unlock(self, folder, kind, secret):
        """The data key, by the newest keys.json that opens."""
        found, failures = [re.fullmatch("keys(?:[.]([2-9]|[1-9][0-9]+))?[.]json", name) for name in os.listdir(folder)], []
        for name in sorted(filter(None, found), key=lambda name: -int(name[1] or 1)):
            try:
                return self.unlock_by(read(os.path.join(folder, name[0])), f"{self.context}/{name[0]}", kind, secret)
            except (Refused, *MALFORMED) as e:
                failures.append(e)
        raise failures[0] if failures else Refused(f"{self.context}/keys.json is missing")
    def unlock_by(self, data, what, kind, secret):
        record = parse(data, what, 1)
        text, keys, problem = record["keys"].encode(), parse(record["keys"].encode(), what), "does not open with what was given"
        need(f"{keys['series']}/{keys['backup']}" == self.context, f"{what} is of another backup")
        need(1 <= len(keys["slots"]) <= 16, f"{what} is damaged: it has no slots, or more than 16")
        for slot in (slot for slot in keys["slots"] if slot["type"] == kind):
            if kind == "passphrase":
                salt, passes, memory, lanes = binary(slot["salt"]), slot["passes"], slot["memoryKiB"], slot["lanes"]
                need(slot["kdf"] == "argon2id" and 16 <= len(salt) <= 64 and 1 <= passes <= 16 and 1 <= lanes <= 16
                     and 8 * lanes <= memory <= 2**20, f"{what} is refused: its Argon2id is beyond the bounds that FORMAT.md sets")
            try:
                wrapped = binary(slot["wrapped"])
                if kind == "x25519":
                    key = hpke(X25519PrivateKey.from_private_bytes(secret), binary(slot["enc"]), wrapped, self.context.encode())
                else:
                    slot_key = secret if kind == "key" else argon2(secret, salt, passes, memory, lanes, 32, Type.ID, 0x13)
                    key = b"".join(floe(slot_key, f"{self.context} slot", io.BytesIO(wrapped)))
                if self.has_mac(key, "keys", text, record):
                    return key
                problem = "is damaged or forged: its MAC is wrong"
            except (Refused, *MALFORMED):
                continue  # it is for somebody else
        raise Refused(f"{what} {problem}; it has slots for {', '.join(repr(slot['type']) for slot in keys['slots'])}")
    def __str__(self):
        kind = "in clear" if not self.sealed else "sealed" if self.details else "sealed and not opened"
        kind += ", authentic" if self.proven else ", nothing proves who wrote it"
        return f"{re.sub('[^a-z]', '', self.manifest['state'])}, {kind}; components: {' '.join(self.components)}"
    def restore(self, name, out):
        component, what, plain = self.components[name], f"{self.context}/{name}", self.details["components"][name].get("plain")
        parts, codecs, sealed = component["parts"], component["codecs"], component["codecs"][-1:] == ["floe"]
        decoder = DECODERS.get(tuple(codecs[:-1] if sealed else codecs))
        need(parts and decoder, f"{what} {NEWER if parts else 'was not captured'}")
        pattern = re.escape(what) + "[.][a-z0-9]{1,16}" + "".join(ENDINGS[codec] for codec in codecs) + "([.][0-9]{6,})?"
        need(sealed == self.sealed and all(re.fullmatch(pattern, part["name"]) for part in parts), f"{what} has wrong names")
        need(not os.path.lexists(out), f"{out} exists and stays as it is: choose another name")
        paths = [os.path.join(self.args.sink, part["name"]) for part in parts]
        for path, part in zip(paths, parts):
            prove(path, part["name"], part)
        source = io.BufferedReader(Joined(paths), SEGMENT)
        content = floe(self.subkey(self.key, f"component {name}"), what, source) if sealed else iter(lambda: source.read(SEGMENT), b"")
        file = open(os.open(f"{out}.part", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        try:
            with file:
                decode(content, decoder, file, max(0, plain["size"]), what)
                os.fsync(file.fileno())
            prove(f"{out}.part", what, plain)
            os.rename(f"{out}.part", out)
        except BaseException:
            os.unlink(f"{out}.part")
            raise
        print(f"{out} is {what}: {plain['size']} bytes, every one proven")

def decode(content, command, file, size, what):
    """Through a command that cannot write more than the size that is expected."""
    with contextlib.suppress(BrokenPipeError), subprocess.Popen(command, stdin=-1, stdout=file, stderr=-3, restore_signals=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))) as child:
        for chunk in content:
            child.stdin.write(chunk)
    need(child.returncode == 0, f"{what} is damaged, or the disk is full: {command[0]} did not come to its end")

def run(args):
    for name, pattern in (args.series, NAME), (args.id or "latest", f"{ID}|latest"), (args.component or "a", NAME):
        need(re.fullmatch(pattern, name), f"{name} is not a name of Lifeboat's")
    names = sorted(os.listdir(os.path.join(args.sink, args.series, "catalog")))
    pinned = {name.split(".pin-")[0] for name in names if ".pin-" in name}  # a pin takes a tombstone back
    args.tombstones = lambda id: [name for name in names if name.startswith(f"{id}.deleted-") and id not in pinned]
    ids = [name[:-5] for name in names if re.fullmatch(f"{ID}[.]json", name)]
    if args.id or args.out:
        ids = [args.id] if args.id not in (None, "latest") else [id for id in ids if not args.tombstones(id)][-1:]
    need(ids, f"{args.series} has no backups")
    for id in ids if not args.out else []:
        try:
            print(f"{id}  {Backup(args, id)}")
        except (Refused, OSError, *MALFORMED) as e:
            print(f"{id}  REFUSED: {str(e) or repr(e)}")
    args.out or sys.exit(0)
    backup = Backup(args, ids[0])
    if not backup.details:
        need(sys.stdin.isatty(), f"{backup.context} is sealed: give --passphrase-file, --key-file or --identity-file")
        args.secret = passphrase(getpass.getpass("Passphrase: "))
        backup = Backup(args, ids[0])
    need(backup.proven or args.accept_unsigned or not (backup.sealed or args.secret[0] or args.trust),
         f"nothing proves who wrote {backup.context}: give --trust with the writer's public key, or --accept-unsigned")
    name = args.component or " ".join(backup.components)
    need(name in backup.components, f"{backup.context} has the components {' '.join(backup.components)}: say which")
    backup.restore(name, args.out)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="recover", description="Lists the backups of a series; with -o, restores from one.")
    parser.error = lambda problem: sys.exit(f"recover: {problem}; --help tells more")
    for name, count in ("sink", None), ("series", None), ("id", "?"), ("component", "?"):
        parser.add_argument(name, nargs=count)
    parser.add_argument("-o", "--out", help="the file to be written, which is not there yet")
    secrets = parser.add_mutually_exclusive_group()
    for name, reader in (("passphrase", lambda file: passphrase(re.sub("\r?\n\\Z", "", read(file).decode()))),
                         ("key", lambda file: key(file, "key", "lifeboat-key-")),
                         ("identity", lambda file: key(file, "x25519", "lifeboat-identity-"))):
        secrets.add_argument(f"--{name}-file", dest="secret", type=reader, default=(None, None), metavar="FILE")
    parser.add_argument("--trust", action="append", default=[], type=trusted, metavar="PEM", help="whose signature is trusted")
    parser.add_argument("--accept-unsigned", action="store_true", help="even if nothing proves who wrote it")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        run(parser.parse_args())
    except (Refused, OSError, KeyboardInterrupt) as e:
        sys.exit(f"recover: {e}; nothing was restored")
    except MALFORMED as e:
        sys.exit(f"recover: the backup is damaged or forged ({e!r}); nothing was restored")
