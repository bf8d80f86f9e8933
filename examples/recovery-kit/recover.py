#!/usr/bin/python3
"""Gets data out of a Lifeboat backup without Lifeboat: see README.md. Needs Debian's python3-cryptography and python3-argon2."""
import argparse, base64, contextlib, functools, getpass, glob, hashlib, hmac, io, json, os, re, resource, shutil, signal, subprocess, sys
from unicodedata import normalize
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
NAME = "(?!(?:catalog|lease|series|keys|con|prn|aux|nul|(?:com|lpt)[0-9])$)[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
ID = "[0-9]{8}T[0-9]{6}Z-[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?-[a-z2-7]{8}"
KEYS = "keys(?:[.]([2-9]|[1-9][0-9]{1,5}))?[.]json"
DECODERS = {(): ["cat"], ("zstd",): ["zstd", "-dqc"], ("gzip",): ["gzip", "-dqc"]}
ENDINGS = {"zstd": "[.]zst", "gzip": "[.]gz", "floe": "[.]floe"}
SEGMENT, PARAMETERS = 65536, bytes.fromhex("0000 00010000 00000020")
NEWER = "is of a newer version: a newer recovery kit is needed"
DIFFERS = "is damaged: its size or SHA-256 is not what was recorded"
argon2, costs_tried = functools.cache(hash_secret_raw), set()
tell = functools.partial(print, "recover:", file=sys.stderr)
passphrase = lambda text: ("passphrase", normalize("NFC", text).encode())
binary = functools.partial(base64.b64decode, validate=True)
class Refused(Exception):
    """Why nothing is restored, in one sentence."""
def need(condition, sentence):
    if not condition:
        raise Refused(sentence)
def sentence(e):  # whatever else hostile bytes do to this program, they are not what Lifeboat writes
    return str(e) if isinstance(e, (Refused, OSError)) else f"it is damaged or forged ({type(e).__name__})"
def read(path, what, most=1 << 16):
    need(os.path.isfile(path), f"{what} is missing")
    data = open(path, "rb").read(most + 1)
    need(len(data) <= most, f"{what} is damaged: it has more than {most} bytes")
    return data
def prove(path, what, expected):
    need(os.path.isfile(path), f"{what} is missing")
    digest, size = hashlib.sha256(), os.path.getsize(path)
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(SEGMENT), b""):
            digest.update(chunk)
    need([expected["size"], expected["sha256"]] == [size, digest.hexdigest()], f"{what} {DIFFERS}")
    return path
def parse(data, what, format=None):
    value = json.loads(data.decode(), parse_float=int, parse_constant=int, object_pairs_hook=lambda pairs:
                       dict(pairs) if len(dict(pairs)) == len(pairs) else int("a key twice"))  # fails as int("1.5") does
    need(format in (None, value.get("format")), f"{what} {NEWER}")
    return value
def floe(key, aad, source):
    """The content, segment by segment, each proven before it is given."""
    derive = lambda key, purpose, size: HKDFExpand(hashes.SHA384(), size, header[:42] + purpose + aad.encode()).derive(key)
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
    extract = lambda suite, salt, label, ikm: hmac.digest(salt, b"HPKE-v1" + suite + label + ikm, "sha256")
    expand = lambda suite, prk, label, info, n: HKDFExpand(hashes.SHA256(), n, bytes([0, n]) + b"HPKE-v1" + suite + label + info).derive(prk)
    kem, suite, dh = b"KEM\0\x20", b"HPKE\0\x20\0\1\0\2", private.exchange(X25519PublicKey.from_public_bytes(enc))
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = expand(kem, extract(kem, b"", b"eae_prk", dh), b"shared_secret", enc + public, 32)
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", b"lifeboat 1 slot")
    secret = extract(suite, shared, b"secret", b"")
    key, nonce = expand(suite, secret, b"key", context, 32), expand(suite, secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, sealed, aad)
def key(file, kind, prefix):
    text, begin = read(file, file).decode(), prefix.replace("-", "")
    if kind == "key" and re.fullmatch("[A-Za-z0-9+/]{43}=", text.strip()):
        return kind, base64.b64decode(text)
    text, digits = re.sub(r"[\s-]", "", text).lower(), "0123456789abcdefghjkmnpqrstvwxyzoil"
    need(re.fullmatch(begin + "[0-9a-tv-z]{56}", text), f"{file} holds no {prefix}..., or not all of it")
    data = base64.b32decode(text[len(begin):].translate(str.maketrans(digits, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABB")))
    need(hashlib.sha256(prefix.encode() + data[:32]).digest()[:3] == data[32:], f"{file} has a typing mistake")
    return kind, data[:32]
def trusted(file):
    public = load_pem_public_key(read(file, file))
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()[:8].hex(), public
def subkey(key, context, use):
    return HKDF(hashes.SHA384(), 32, context.encode(), f"lifeboat 1 {use}".encode()).derive(key)
def has_mac(key, context, use, message, record):
    return hmac.compare_digest(hmac.digest(subkey(key, context, use), message, "sha256").hex().encode(), str(record["mac"]).encode())
def is_signed(args, use, message, record):
    signer = dict(args.trust).get(record.get("signer"))  # a wrong signature in a trusted name fails
    return signer and not signer.verify(binary(record["signature"]), f"lifeboat 1 {use}\n".encode() + message)
def open_keys(args, data, what, context):
    """The data key of a keys.json, proven by its MAC; where anybody could have made the slot, that proves no writer."""
    (kind, secret), record = args.secret, parse(data, what, 1)
    text, keys = record["keys"].encode(), parse(record["keys"].encode(), what)
    need(f"{keys['series']}/{keys['backup']}" == context and 1 <= len(keys["slots"]) <= 16, f"{what} is of another backup, or damaged")
    slots = [slot for slot in keys["slots"] if slot["type"] == kind and slot.get("kdf", "argon2id") == "argon2id"]
    cost = lambda slot: (binary(slot["salt"]), slot["passes"], slot["memoryKiB"], slot["lanes"])
    costs = {cost(slot) for slot in slots if kind == "passphrase"}
    need(len(costs) <= 4 and all(16 <= len(salt) <= 64 and 1 <= passes <= 16 and 1 <= lanes <= 16 and 8 * lanes <= memory <= 2**20
         for salt, passes, memory, lanes in costs), f"{what} is refused: its Argon2id is beyond the bounds that FORMAT.md sets")
    need(args.id or len(costs_tried | costs) <= 16, f"{what} was not tried, for 16 others have cost much work: name it by its id")
    costs_tried.update(costs)
    for slot in slots:
        slot_key = argon2(secret, *cost(slot), 32, Type.ID, 0x13) if costs else secret
        with contextlib.suppress(Exception):  # then it is for somebody else
            wrapped = binary(slot["wrapped"])
            if kind == "x25519":
                opened = hpke(X25519PrivateKey.from_private_bytes(secret), binary(slot["enc"]), wrapped, context.encode())
            elif kind == "wrap":
                env = dict(os.environ, LIFEBOAT_WRAP=slot["by"], LIFEBOAT_BACKUP=context)
                opened = subprocess.run(secret, shell=True, check=True, input=wrapped, stdout=-1, env=env).stdout
            else:
                opened = b"".join(floe(slot_key, f"{context} slot", io.BytesIO(wrapped)))
            if len(opened) == 32 and has_mac(opened, context, "keys", text, record):
                return opened
    raise Refused(f"{what} does not open with what was given; it has slots for {', '.join(repr(s['type'])[:40] for s in keys['slots'])}")
def is_deleted(args, context, what):
    """Whether a tombstone proves itself, by a signature or by the keys that it carries. Anybody can plant one that does not."""
    try:
        record = parse(read(os.path.join(args.sink, what), what), what, 1)
        text, mark = record["mark"].encode(), parse(record["mark"].encode(), what)
        need((f"{mark['series']}/{mark['backup']}", mark["kind"]) == (context, "deleted"), "it is of another backup")
        need(is_signed(args, "mark", text, record) or args.secret[0] in ("passphrase", "key") and "keys" in record and has_mac(
            open_keys(args, record["keys"].encode(), what, context), context, "mark", text, record), "nothing proves who wrote it")
        return True
    except Exception as e:
        tell(f"{what} does not count: {sentence(e)}")

class Backup:
    """One backup, its records proven, its seal opened if there is a secret."""
    def __init__(self, args, id):
        self.args, self.context, stem = args, f"{args.series}/{id}", f"{args.series}/catalog/{id}"
        what, path, kind = f"{stem}.json", os.path.join(args.sink, stem), args.secret[0]
        auth = parse(read(f"{path}.auth", f"{stem}.auth"), f"{stem}.auth", 1)
        data = read(f"{path}.json", what, 1 << 24)
        need([auth["size"], auth["sha256"]] == [len(data), hashlib.sha256(data).hexdigest()], f"{what} {DIFFERS}")
        self.manifest = manifest = parse(data, what, 1)
        need(manifest["layout"] == "parts" and {"sealed"}.issuperset(manifest.get("critical", [])), f"{what} {NEWER}")
        need((manifest["id"], manifest["series"]) == (id, args.series), f"{what} is of another backup")
        self.components, self.details = {one["name"]: one for one in manifest["components"]}, manifest.get("details")
        self.sealed, self.state = "sealed" in manifest, manifest["state"]
        need(self.sealed == (self.details is None) and self.state in ("complete", "suspect", "incomplete")
             and all(re.fullmatch(NAME, name) for name in self.components), f"{what} is damaged: its members do not fit")
        signed = is_signed(args, "manifest", data, auth)
        if self.sealed and kind:
            self.unlock(os.path.join(args.sink, args.series, id), lambda key: need(
                signed or has_mac(key, self.context, "manifest", data, auth), f"{stem}.auth is damaged or forged: its MAC is wrong"))
        self.proven = signed or self.sealed and kind in ("passphrase", "key")
        tombstones = [f"{args.series}/catalog/{name}" for name in args.names if name.startswith(f"{id}.deleted-")]
        self.deleted = " ".join(name for name in tombstones if is_deleted(args, self.context, name))
    def unlock(self, folder, check):
        """By the newest keys.json that opens, and whose data key proves the manifest: anybody can add one of his own."""
        found, failures = [re.fullmatch(KEYS, name) for name in (os.listdir(folder) if os.path.isdir(folder) else [])], []
        for name in sorted(filter(None, found), key=lambda name: -int(name[1] or 1)):
            try:
                what, sealed = f"{self.context}/{name[0]}", io.BytesIO(binary(self.manifest["sealed"]))
                self.key = open_keys(self.args, read(os.path.join(folder, name[0]), what), what, self.context)
                check(self.key)
                self.details = parse(b"".join(floe(subkey(self.key, self.context, "seal"), f"{self.context} details", sealed)), what)
                return
            except Exception as e:
                failures.append(e)
        raise failures[0] if failures else Refused(f"{self.context}/keys.json is missing")
    def problem(self):
        """Why it is not to be restored, if so. A pin takes a tombstone back, where the backup is named."""
        args, pinned = self.args, any(name.startswith(f"{self.args.id}.pin-") for name in self.args.names if self.args.id)
        return (f"{self.context} was deleted, as {self.deleted} says" if self.deleted and not pinned else
                f"{self.context} is encrypted: give --passphrase-file, --key-file, --identity-file or --unwrap" if not self.details else
                f"nothing proves who wrote {self.context}: give --trust with the writer's public key, or --accept-unsigned"
                if args.strict and not self.proven and not args.accept_unsigned else None)
    def restore(self, name, out):
        need(name in self.components, f"{self.context} has the components {' '.join(self.components)}: say which")
        component, what, plain = self.components[name], f"{self.context}/{name}", self.details["components"][name].get("plain")
        parts, codecs, sealed = component["parts"], component["codecs"], component["codecs"][-1:] == ["floe"]
        decoder = DECODERS.get(tuple(codecs[:-1] if sealed else codecs))
        need(parts and decoder, f"{what} {NEWER if parts else 'was not captured'}")
        pattern = re.escape(what) + "[.][a-z0-9]{1,16}" + "".join(ENDINGS[codec] for codec in codecs) + "([.][0-9]{6,})?"
        need(sealed == self.sealed and all(re.fullmatch(pattern, part["name"]) for part in parts), f"{what} has wrong names")
        need(not os.path.lexists(out), f"{out} exists and stays as it is: choose another name")
        need(0 <= plain["size"] <= (shutil.disk_usage(os.path.dirname(out) or ".").free or 2**63), f"{out} has no room for {what}")
        paths = [prove(os.path.join(self.args.sink, part["name"]), part["name"], part) for part in parts]
        file = open(os.open(f"{out}.part", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (plain["size"], plain["size"]))  # the decoder can write no more
        try:
            with file, contextlib.suppress(BrokenPipeError), subprocess.Popen(["cat", "--", *paths], stdout=-1) as cat:
                key = sealed and subkey(self.key, self.context, f"component {name}")
                content = floe(key, what, cat.stdout) if sealed else iter(lambda: cat.stdout.read(SEGMENT), b"")
                with subprocess.Popen(decoder, stdin=-1, stdout=file, stderr=-3, restore_signals=False, preexec_fn=limit) as child:
                    for chunk in content:
                        child.stdin.write(chunk)
                need(child.returncode == 0, f"{what} is damaged, or the disk is full: {decoder[0]} did not come to its end")
                os.fsync(file.fileno())
            prove(f"{out}.part", what, plain)
            os.rename(f"{out}.part", out)
        except BaseException:
            os.unlink(f"{out}.part")
            raise
        print(f"{out} is {what}, {self.state}: {plain['size']} bytes, every one "
              + ("proven" if self.proven else "as it was recorded; nothing proves by whom"))

def run(args):
    folder, args.id = os.path.join(args.sink, args.series), args.id.replace("latest", "")
    for name, pattern in (args.series, NAME), (args.id, f"{ID}|"), (args.component or "a", NAME):
        need(re.fullmatch(pattern, name), f"{name} is not a name of Lifeboat's")
    need(args.id or not args.accept_unsigned, "--accept-unsigned is for one backup: name it by its id")
    need(os.path.isdir(f"{folder}/catalog"), f"{args.series}/catalog is missing in {args.sink}")
    args.names = sorted(os.listdir(f"{folder}/catalog"), reverse=True)
    ids = [args.id] if args.id else [name[:-5] for name in args.names if re.fullmatch(f"{ID}[.]json", name)]
    manifests = filter(os.path.isfile, glob.glob(f"{glob.escape(folder)}/catalog/*.json"))
    sealed = glob.glob(f"{glob.escape(folder)}/*/keys*.json") or any(b'"sealed"' in open(m, "rb").read(1 << 24) for m in manifests)
    args.strict = sealed or args.secret[0] or args.trust  # for anybody can put one in clear beside them
    if args.out and sealed and not args.secret[0] and not args.accept_unsigned and sys.stdin.isatty():
        args.secret = passphrase(getpass.getpass("Passphrase: "))
    for id in ids:
        try:
            backup = Backup(args, id)
            problem, proof = backup.problem(), "authentic" if backup.proven else "nothing proves who wrote it"
            told = f"{backup.state}: {' '.join(backup.components)}; {problem or proof}"
        except Exception as e:
            problem = told = sentence(e)
        if not args.out:
            print(f"{id}  {told}")
        elif not problem:
            return backup.restore(args.component or " ".join(backup.components), args.out)
        else:
            need(not args.id, problem)
            tell(f"passed over {id}: {problem}")
    need(not args.out and ids, f"{args.series} has no backup that can be taken with what was given: list them, and name one by its id")

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="recover", description="Lists the backups of a series; with -o, restores from one.")
    parser.error = lambda problem: sys.exit(f"recover: {problem}; --help tells more")
    for name, count in ("sink", None), ("series", None), ("id", "?"), ("component", "?"):
        parser.add_argument(name, nargs=count, default="")
    parser.add_argument("-o", "--out", help="the file to be written, which is not there yet")
    secrets = parser.add_mutually_exclusive_group()
    for name, reader in (
            ("passphrase-file", lambda file: passphrase(re.sub("\r?\n\\Z", "", read(file, file).decode()))),
            ("key-file", lambda f: key(f, "key", "lifeboat-key-")), ("identity-file", lambda f: key(f, "x25519", "lifeboat-identity-")),
            ("unwrap", lambda command: ("wrap", command))):
        secrets.add_argument(f"--{name}", dest="secret", type=reader, default=(None, None))
    parser.add_argument("--trust", action="append", default=[], type=trusted, metavar="PEM", help="whose signature is trusted")
    parser.add_argument("--accept-unsigned", action="store_true", help="even if nothing proves who wrote it")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        run(parser.parse_args())
    except (Exception, KeyboardInterrupt) as e:
        sys.exit(f"recover: {sentence(e)}; nothing was restored")
