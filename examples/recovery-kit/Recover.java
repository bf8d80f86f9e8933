import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Gets data out of a Lifeboat backup without Lifeboat; see README.md. Written from backup-core/FORMAT.md alone.
 *
 * <p>A JDK, 17 or newer, is all it needs: {@code java Recover.java}. For passphrases also Bouncy Castle, since no JDK has
 * Argon2: {@code java -cp bcprov.jar Recover.java}. For what zstd compressed, the command {@code zstd}.
 */
public final class Recover {
  private static final String USAGE =
      "usage: recover SINKDIR SERIES [ID|latest] [COMPONENT] [-o OUT]"
          + " [--passphrase-file FILE | --key-file FILE | --identity-file FILE | --unwrap COMMAND]"
          + " [--trust PEM]... [--accept-unsigned]";

  private static final String NAME =
      "(?!(?:catalog|lease|series|keys|con|prn|aux|nul|(?:com|lpt)[0-9])$)[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?";
  private static final String ID =
      "[0-9]{8}T[0-9]{6}Z-[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?-[a-z2-7]{8}";
  private static final Pattern KEYS = Pattern.compile("keys(?:[.]([2-9]|[1-9][0-9]{1,5}))?[.]json");
  private static final Map<String, String> ENDINGS =
      Map.of("zstd", "[.]zst", "gzip", "[.]gz", "floe", "[.]floe");
  private static final Set<String> STATES = Set.of("complete", "suspect", "incomplete");
  private static final String NEWER = " is of a newer version: a newer recovery kit is needed";
  private static final int SMALL = 64 << 10;
  private static final int MANIFEST = 16 << 20;

  /** Why nothing is restored, in one sentence. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String sentence) {
      super(sentence);
    }
  }

  public static void main(String[] args) {
    System.exit(recover(args, System.out, System.err));
  }

  /** The exit code: 0 if it did what it was asked for, otherwise 1. */
  static int recover(String[] args, PrintStream out, PrintStream err) {
    String failure;
    try {
      run(Arguments.of(args, out, err));
      out.flush();
      return 0;
    } catch (Refused | InvalidPathException | IOException | GeneralSecurityException e) {
      failure = sentence(e);
    } catch (OutOfMemoryError e) {
      failure = "the memory does not suffice: give it more, as in java -Xmx2g Recover.java";
    }
    err.println("recover: " + failure + "; nothing was restored");
    return 1;
  }

  private static String sentence(Exception failure) {
    if (failure instanceof Refused || failure instanceof DamagedException) {
      return failure.getMessage();
    }
    if (failure instanceof NoSuchFileException || failure instanceof NotDirectoryException) {
      return failure.getMessage() + " is missing";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return failure.getMessage() + " is in the way: remove it, if no other recovery is at work";
    }
    return failure.toString();
  }

  private static void run(Arguments args) throws Refused, IOException, GeneralSecurityException {
    need(
        !args.id.isEmpty() || !args.acceptUnsigned,
        "--accept-unsigned is for one backup: name it by its id");
    Path series = args.sink.resolve(args.series);
    Path catalog = series.resolve("catalog");
    need(Files.isDirectory(catalog), args.series + "/catalog is missing in " + args.sink);
    args.names = list(catalog);
    List<String> ids = new ArrayList<>();
    for (String name : args.names) {
      if (name.matches(ID + "[.]json")) {
        ids.add(0, name.substring(0, name.length() - ".json".length())); // the newest first
      }
    }
    boolean encrypted = isEncrypted(series);
    // one in clear beside encrypted ones may be anybody's
    args.strict = encrypted || args.secret != null || !args.trusted.isEmpty();
    if (args.out != null && encrypted && args.secret == null && !args.acceptUnsigned) {
      Console console = System.console();
      char[] typed = console == null ? null : console.readPassword("Passphrase: ");
      args.secret = typed == null ? null : Secret.passphrase(new String(typed));
    }
    for (String id : args.id.isEmpty() ? ids : List.of(args.id)) {
      Backup backup = null;
      String problem;
      String told;
      try {
        backup = new Backup(args, id);
        problem = backup.problem();
        told = backup + "; "
            + (problem != null
                ? problem
                : backup.proven ? "authentic" : "nothing proves who wrote it");
      } catch (Refused | IOException | GeneralSecurityException e) {
        problem = sentence(e);
        told = problem;
      }
      if (args.out == null) {
        args.told.println(id + "  " + told);
      } else if (problem == null) {
        String all = String.join(" ", backup.components.keySet());
        backup.restore(args.component == null ? all : args.component, args.out);
        return;
      } else {
        need(args.id.isEmpty(), problem);
        args.tell("passed over " + id + ": " + problem);
      }
    }
    need(
        args.out == null && !ids.isEmpty(),
        args.series + " has no backup that can be taken with what was given:"
            + " list them, and name one by its id");
  }

  /** Whether any backup of the series is, by its manifest or the keys that lie there. */
  private static boolean isEncrypted(Path series) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(series)) {
      for (Path folder : folders) {
        if (Files.isDirectory(folder)
            && list(folder).stream().anyMatch(name -> name.matches("keys.*[.]json"))) {
          return true;
        }
      }
    }
    for (String name : list(series.resolve("catalog"))) {
      Path file = series.resolve("catalog").resolve(name);
      if (name.endsWith(".json") && Files.isRegularFile(file)) {
        try (InputStream in = Files.newInputStream(file)) {
          byte[] manifest = in.readNBytes(MANIFEST);
          if (new String(manifest, StandardCharsets.ISO_8859_1).contains("\"sealed\"")) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void need(boolean condition, String sentence) throws Refused {
    if (!condition) {
      throw new Refused(sentence);
    }
  }

  /** What stands on the command line. */
  private static final class Arguments {
    Path sink;
    String series;
    String id = "";
    String component;
    Path out;
    Secret secret;
    boolean acceptUnsigned;
    final Map<String, PublicKey> trusted = new HashMap<>();
    List<String> names = List.of(); // all that lies in the catalogue
    boolean strict; // only what is proven
    final Set<List<Object>> costsTried = new HashSet<>();
    final PrintStream told;
    private final PrintStream err;

    private Arguments(PrintStream told, PrintStream err) {
      this.told = told;
      this.err = err;
    }

    void tell(String sentence) {
      err.println("recover: " + sentence);
    }

    static Arguments of(String[] args, PrintStream told, PrintStream err)
        throws Refused, IOException, GeneralSecurityException {
      Arguments all = new Arguments(told, err);
      List<String> plain = new ArrayList<>();
      for (Iterator<String> rest = Arrays.asList(args).iterator(); rest.hasNext(); ) {
        String arg = rest.next();
        if (!arg.startsWith("-")) {
          plain.add(arg);
        } else if (arg.equals("--accept-unsigned")) {
          all.acceptUnsigned = true;
        } else {
          need(rest.hasNext(), USAGE);
          all.option(arg, rest.next());
        }
      }
      need(plain.size() >= 2 && plain.size() <= 4, USAGE);
      all.sink = Path.of(plain.get(0));
      all.series = named(plain.get(1), NAME);
      if (plain.size() > 2) {
        all.id = named(plain.get(2), ID + "|latest").replace("latest", "");
      }
      if (plain.size() > 3) {
        all.component = named(plain.get(3), NAME);
      }
      return all;
    }

    private void option(String option, String value)
        throws Refused, IOException, GeneralSecurityException {
      if (option.equals("-o") || option.equals("--out")) {
        out = Path.of(value);
      } else if (option.equals("--trust")) {
        PublicKey key = publicKey(Path.of(value));
        trusted.put(hex(Arrays.copyOf(sha256(key.getEncoded()), 8)), key);
      } else {
        need(option.matches("--(passphrase|key|identity)-file|--unwrap") && secret == null, USAGE);
        secret = option.equals("--unwrap")
            ? new Secret("wrap", utf8(value))
            : Secret.of(option, Path.of(value));
      }
    }

    private static String named(String name, String pattern) throws Refused {
      need(name.matches(pattern), name + " is not a name of Lifeboat's");
      return name;
    }

    private static PublicKey publicKey(Path file)
        throws Refused, IOException, GeneralSecurityException {
      String text = utf8(read(file, file.toString(), SMALL), file.toString());
      String body = text.replaceAll("-----(BEGIN|END) PUBLIC KEY-----|\\s", "");
      try {
        byte[] spki = Base64.getDecoder().decode(body);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
      } catch (IllegalArgumentException | java.security.spec.InvalidKeySpecException e) {
        throw new Refused(file + " is no public key of Ed25519 in PEM");
      }
    }
  }

  /** What opens a slot: its type, and in UTF-8 the passphrase or the command, or the 32 bytes of the key. */
  private record Secret(String type, byte[] bytes, Map<List<Object>, byte[]> stretched) {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final String TOO_COSTLY =
        " is refused: its Argon2id is beyond the bounds that FORMAT.md sets";

    Secret(String type, byte[] bytes) {
      this(type, bytes, new HashMap<>());
    }

    static Secret passphrase(String text) {
      String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
      return new Secret("passphrase", normal.getBytes(StandardCharsets.UTF_8));
    }

    static Secret of(String option, Path file) throws Refused, IOException {
      String text = utf8(read(file, file.toString(), SMALL), file.toString());
      if (option.equals("--passphrase-file")) {
        return passphrase(text.replaceFirst("\r?\n\\z", ""));
      }
      if (option.equals("--identity-file")) {
        return new Secret("x25519", fromText(text, "lifeboat-identity-", file));
      }
      boolean isBase64 = text.strip().matches("[A-Za-z0-9+/]{43}=");
      return new Secret(
          "key",
          isBase64
              ? Base64.getDecoder().decode(text.strip())
              : fromText(text, "lifeboat-key-", file));
    }

    /** 56 digits of base32 behind a prefix: 32 bytes, and 3 that prove them. */
    private static byte[] fromText(String text, String prefix, Path file) throws Refused {
      String begin = prefix.replace("-", "");
      String compact = text.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
      need(
          compact.matches(begin + "[0-9a-tv-z]{56}"),
          file + " holds no " + prefix + "..., or not all of it");
      BigInteger number = BigInteger.ZERO;
      for (char c : compact.substring(begin.length()).toCharArray()) {
        char digit = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
        number = number.shiftLeft(5).or(BigInteger.valueOf(DIGITS.indexOf(digit)));
      }
      byte[] all = new byte[35];
      byte[] bytes = number.toByteArray(); // may have a zero in front, or lack some
      int size = Math.min(all.length, bytes.length);
      System.arraycopy(bytes, bytes.length - size, all, all.length - size, size);
      byte[] key = Arrays.copyOf(all, 32);
      byte[] sum = Arrays.copyOf(sha256(ascii(prefix), key), 3);
      need(Arrays.equals(sum, Arrays.copyOfRange(all, 32, 35)), file + " has a typing mistake");
      return key;
    }

    /** Nobody but who has the secret can make such a slot. */
    boolean provesWriter() {
      return type.equals("passphrase") || type.equals("key");
    }

    boolean fits(Json slot) throws Refused {
      return slot.text("type").equals(type)
          && (!type.equals("passphrase") || slot.text("kdf").equals("argon2id"));
    }

    /** What Argon2id has to do for a slot: salt, memory in KiB, passes, lanes. */
    static List<Object> cost(Json slot) throws Refused {
      byte[] salt = slot.binary("salt");
      long memory = slot.number("memoryKiB");
      long passes = slot.number("passes");
      long lanes = slot.number("lanes");
      need(
          salt.length >= 16
              && salt.length <= 64
              && passes >= 1
              && passes <= 16
              && lanes >= 1
              && lanes <= 16
              && memory >= 8 * lanes
              && memory <= 1 << 20,
          slot.what + TOO_COSTLY);
      return List.of(hex(salt), (int) memory, (int) passes, (int) lanes);
    }

    /** The data key in a slot, not proven yet. */
    byte[] open(Json slot, byte[] slotKey, String context)
        throws Refused, IOException, GeneralSecurityException {
      byte[] wrapped = slot.binary("wrapped");
      return switch (type) {
        case "x25519" -> Hpke.open(slotKey, slot.binary("enc"), wrapped, utf8(context));
        case "wrap" -> ask(slot.text("by"), context, wrapped);
        default -> floe(slotKey, context + " slot", wrapped);
      };
    }

    /** The command is given what is wrapped on its input, and answers the data key. */
    private byte[] ask(String by, String context, byte[] wrapped) throws Refused, IOException {
      need(by.matches("[ -~]{1,200}"), "no key service has that name");
      ProcessBuilder command =
          new ProcessBuilder("sh", "-c", new String(bytes, StandardCharsets.UTF_8));
      command.environment().put("LIFEBOAT_WRAP", by);
      command.environment().put("LIFEBOAT_BACKUP", context);
      Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(wrapped);
      } catch (IOException e) {
        // it has not read to the end, and its answer tells whether it had to
      }
      byte[] answer = process.getInputStream().readNBytes(SMALL);
      try {
        need(process.waitFor() == 0, "the command failed");
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return answer;
    }

    /** What a slot is sealed with; of a passphrase, what Argon2id gives. */
    byte[] keyOf(Json slot) throws Refused {
      if (!type.equals("passphrase")) {
        return bytes;
      }
      List<Object> cost = cost(slot);
      byte[] known = stretched.get(cost);
      if (known == null) {
        known = argon2id(
            HexFormat.of().parseHex((String) cost.get(0)),
            (int) cost.get(1),
            (int) cost.get(2),
            (int) cost.get(3));
        stretched.put(cost, known);
      }
      return known;
    }

    /** By reflection, so that this file compiles without Bouncy Castle. */
    private byte[] argon2id(byte[] salt, int memory, int passes, int lanes) throws Refused {
      try {
        String name = "org.bouncycastle.crypto.params.Argon2Parameters";
        Class<?> type = Class.forName(name + "$Builder");
        Object builder = type.getConstructor(int.class)
            .newInstance(Class.forName(name).getField("ARGON2_id").getInt(null));
        type.getMethod("withVersion", int.class).invoke(builder, 0x13);
        type.getMethod("withSalt", byte[].class).invoke(builder, (Object) salt);
        type.getMethod("withMemoryAsKB", int.class).invoke(builder, memory);
        type.getMethod("withIterations", int.class).invoke(builder, passes);
        type.getMethod("withParallelism", int.class).invoke(builder, lanes);
        Class<?> argon2 = Class.forName("org.bouncycastle.crypto.generators.Argon2BytesGenerator");
        Object generator = argon2.getConstructor().newInstance();
        argon2
            .getMethod("init", Class.forName(name))
            .invoke(generator, type.getMethod("build").invoke(builder));
        byte[] key = new byte[32];
        argon2.getMethod("generateBytes", byte[].class, byte[].class).invoke(generator, bytes, key);
        return key;
      } catch (ClassNotFoundException e) {
        throw new Refused("a passphrase needs Argon2, which no JDK has: take Bouncy Castle's"
            + " bcprov-jdk18on jar and run java -cp bcprov-jdk18on.jar Recover.java");
      } catch (ReflectiveOperationException e) {
        if (e.getCause() instanceof OutOfMemoryError) {
          throw new Refused("a passphrase slot needs " + (memory >> 10)
              + " MiB of memory: give it more, as in java -Xmx2g Recover.java");
        }
        throw new Refused("this Bouncy Castle cannot compute Argon2: " + e);
      }
    }
  }

  /** The text of a record that has a MAC, and of what it is. */
  private record Proof(String context, String use, byte[] message, Json record) {
    boolean hasMac(byte[] dataKey) throws Refused, GeneralSecurityException {
      String mac = hex(hmac("HmacSHA256", subkey(dataKey, context, use), message));
      return MessageDigest.isEqual(utf8(mac), utf8(record.text("mac")));
    }

    /** By somebody who is trusted. */
    boolean isSigned(Arguments args) throws Refused, GeneralSecurityException {
      PublicKey signer = record.has("signer") ? args.trusted.get(record.text("signer")) : null;
      if (signer == null) {
        return false;
      }
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(signer);
      signature.update(ascii("lifeboat 1 " + use + "\n"));
      signature.update(message);
      boolean right;
      try {
        right = signature.verify(record.binary("signature"));
      } catch (java.security.SignatureException e) {
        right = false;
      }
      need(right, record.what + " is damaged or forged: its signature is wrong");
      return true;
    }
  }

  /**
   * The data key that a keys.json gives, proven by its MAC. Where anybody could have made the slot, that proves no writer.
   */
  private static byte[] openKeys(Arguments args, byte[] data, String what, String context)
      throws Refused, GeneralSecurityException {
    Json record = Json.parse(data, what).ofFormat1();
    byte[] text = utf8(record.text("keys"));
    Json keys = Json.parse(text, what);
    List<Json> slots = keys.objects("slots");
    need(
        context.equals(keys.text("series") + "/" + keys.text("backup"))
            && slots.size() >= 1
            && slots.size() <= 16,
        what + " is of another backup, or damaged");
    List<Json> fitting = new ArrayList<>();
    Set<List<Object>> costs = new HashSet<>();
    for (Json slot : slots) {
      if (args.secret.fits(slot)) {
        fitting.add(slot);
        if (args.secret.type.equals("passphrase")) {
          costs.add(Secret.cost(slot));
        }
      }
    }
    need(costs.size() <= 4, what + Secret.TOO_COSTLY);
    Set<List<Object>> tried = new HashSet<>(args.costsTried);
    tried.addAll(costs);
    need( // anybody can plant what costs much
        !args.id.isEmpty() || tried.size() <= 16,
        what + " was not tried, for 16 others have cost much work: name it by its id");
    args.costsTried.addAll(costs);
    for (Json slot : fitting) {
      byte[] slotKey = args.secret.keyOf(slot);
      byte[] opened;
      try {
        opened = args.secret.open(slot, slotKey, context);
      } catch (Refused | IOException | GeneralSecurityException e) {
        continue; // it is for somebody else
      }
      if (opened.length == 32 && new Proof(context, "keys", text, record).hasMac(opened)) {
        return opened;
      }
    }
    List<String> types = new ArrayList<>();
    for (Json slot : slots) {
      String type = slot.text("type");
      types.add(type.matches("[a-z0-9-]{1,38}") ? "'" + type + "'" : "something newer");
    }
    throw new Refused(
        what + " does not open with what was given; it has slots for " + String.join(", ", types));
  }

  /**
   * Whether a tombstone proves itself, by a signature or by the keys that it carries. Anybody can plant one that does not.
   */
  private static boolean isDeleted(Arguments args, String context, String what)
      throws GeneralSecurityException {
    try {
      Json record = Json.parse(read(args.sink.resolve(what), what, SMALL), what).ofFormat1();
      Proof proof = new Proof(context, "mark", utf8(record.text("mark")), record);
      Json mark = Json.parse(proof.message, what);
      need(
          context.equals(mark.text("series") + "/" + mark.text("backup"))
              && mark.text("kind").equals("deleted"),
          "it is of another backup");
      boolean proven = proof.isSigned(args);
      if (!proven && args.secret != null && args.secret.provesWriter() && record.has("keys")) {
        proven = proof.hasMac(openKeys(args, utf8(record.text("keys")), what, context));
      }
      need(proven, "nothing proves who wrote it");
      return true;
    } catch (Refused | IOException e) {
      args.tell(what + " does not count: " + sentence(e));
      return false;
    }
  }

  private static byte[] subkey(byte[] dataKey, String context, String use)
      throws GeneralSecurityException {
    byte[] extracted = hmac("HmacSHA384", utf8(context), dataKey);
    return expand("HmacSHA384", extracted, 32, ascii("lifeboat 1 " + use));
  }

  /** One backup, its records proven, its seal opened if there is a secret. */
  private static final class Backup {
    final boolean proven;
    final Map<String, Json> components = new LinkedHashMap<>();
    private final Arguments args;
    private final String context;
    private final String state;
    private final boolean sealed;
    private final String deleted;
    private Json details;
    private byte[] key;

    Backup(Arguments args, String id) throws Refused, IOException, GeneralSecurityException {
      this.args = args;
      context = args.series + "/" + id;
      String stem = args.series + "/catalog/" + id;
      String what = stem + ".json";
      Json auth = Json.parse(
              read(args.sink.resolve(stem + ".auth"), stem + ".auth", SMALL), stem + ".auth")
          .ofFormat1();
      byte[] data = read(args.sink.resolve(what), what, MANIFEST);
      need(
          auth.number("size") == data.length && auth.text("sha256").equals(hex(sha256(data))),
          what + " is damaged: its size or SHA-256 is not what was recorded");
      Json manifest = Json.parse(data, what).ofFormat1();
      need(
          manifest.text("layout").equals("parts")
              && (!manifest.has("critical")
                  || manifest.texts("critical").stream().allMatch("sealed"::equals)),
          what + NEWER);
      need(
          manifest.text("id").equals(id) && manifest.text("series").equals(args.series),
          what + " is of another backup");
      for (Json component : manifest.objects("components")) {
        components.put(component.text("name"), component);
      }
      sealed = manifest.has("sealed");
      state = manifest.text("state");
      need(
          sealed != manifest.has("details")
              && STATES.contains(state)
              && components.keySet().stream().allMatch(name -> name.matches(NAME)),
          what + " is damaged: its members do not fit");
      Proof proof = new Proof(context, "manifest", data, auth);
      boolean signed = proof.isSigned(args);
      details = sealed ? null : manifest.object("details");
      if (sealed && args.secret != null) {
        unlock(id, manifest, proof, signed);
      }
      proven = signed || sealed && args.secret != null && args.secret.provesWriter();
      List<String> tombstones = new ArrayList<>();
      for (String name : args.names) {
        if (name.startsWith(id + ".deleted-")
            && isDeleted(args, context, args.series + "/catalog/" + name)) {
          tombstones.add(args.series + "/catalog/" + name);
        }
      }
      deleted = String.join(" ", tombstones);
    }

    /** By the newest keys.json that opens, and whose data key proves the manifest: anybody can add one of his own. */
    private void unlock(String id, Json manifest, Proof proof, boolean signed)
        throws Refused, IOException, GeneralSecurityException {
      Path folder = args.sink.resolve(args.series).resolve(id);
      List<Matcher> found = Files.isDirectory(folder)
          ? list(folder).stream()
              .map(KEYS::matcher)
              .filter(Matcher::matches)
              .sorted(Comparator.comparing((Matcher name) ->
                      name.group(1) == null ? 1 : Integer.parseInt(name.group(1)))
                  .reversed())
              .toList()
          : List.of();
      Refused failure = null;
      for (Matcher name : found) {
        String what = context + "/" + name.group();
        try {
          byte[] opened =
              openKeys(args, read(folder.resolve(name.group()), what, SMALL), what, context);
          need(
              signed || proof.hasMac(opened),
              proof.record.what + " is damaged or forged: its MAC is wrong");
          byte[] json = floe(
              subkey(opened, context, "seal"), context + " details", manifest.binary("sealed"));
          details = Json.parse(json, manifest.what);
          key = opened;
          return;
        } catch (Refused e) {
          failure = failure == null ? e : failure;
        }
      }
      throw failure == null ? new Refused(context + "/keys.json is missing") : failure;
    }

    @Override
    public String toString() {
      return state + ": " + String.join(" ", components.keySet());
    }

    /** Why it is not to be restored, or null. A pin takes a tombstone back, where the backup is named. */
    String problem() {
      boolean pinned = !args.id.isEmpty()
          && args.names.stream().anyMatch(name -> name.startsWith(args.id + ".pin-"));
      if (!deleted.isEmpty() && !pinned) {
        return context + " was deleted, as " + deleted + " says";
      }
      if (details == null) {
        return context
            + " is encrypted: give --passphrase-file, --key-file, --identity-file or --unwrap";
      }
      if (args.strict && !proven && !args.acceptUnsigned) {
        return "nothing proves who wrote " + context
            + ": give --trust with the writer's public key, or --accept-unsigned";
      }
      return null;
    }

    void restore(String name, Path out) throws Refused, IOException, GeneralSecurityException {
      need(
          components.containsKey(name),
          context + " has the components " + String.join(" ", components.keySet()) + ": say which");
      Json component = components.get(name);
      String what = context + "/" + name;
      List<Json> parts = component.objects("parts");
      List<String> codecs = component.texts("codecs");
      boolean encrypted = codecs.size() > 0 && codecs.get(codecs.size() - 1).equals("floe");
      List<String> others = encrypted ? codecs.subList(0, codecs.size() - 1) : codecs;
      need(!parts.isEmpty(), what + " was not captured");
      need(
          others.isEmpty() || others.equals(List.of("zstd")) || others.equals(List.of("gzip")),
          what + NEWER);
      String names = Pattern.quote(what) + "[.][a-z0-9]{1,16}"
          + codecs.stream().map(ENDINGS::get).collect(Collectors.joining())
          + "([.][0-9]{6,})?";
      for (Json part : parts) {
        need(encrypted == sealed && part.text("name").matches(names), what + " has wrong names");
      }
      need(
          !Files.exists(out, LinkOption.NOFOLLOW_LINKS),
          out + " exists and stays as it is: choose another name");
      Json plain = details.object("components").object(name).object("plain");
      long size = plain.number("size");
      Path folder = out.toAbsolutePath().getParent();
      long room = Files.getFileStore(folder).getUsableSpace(); // 0 where it is not known
      need(size >= 0 && (room <= 0 || size <= room), out + " has no room for " + what);
      List<Path> paths = new ArrayList<>();
      for (Json part : parts) {
        paths.add(args.sink.resolve(part.text("name")));
        prove(paths.get(paths.size() - 1), part.text("name"), part);
      }
      Path unproven = out.resolveSibling(out.getFileName() + ".part");
      try (FileChannel file = create(unproven)) {
        Thread janitor = new Thread(() -> delete(unproven));
        Runtime.getRuntime().addShutdownHook(janitor); // when it is ended from outside
        try {
          try (InputStream joined = new Joined(paths)) {
            InputStream content =
                encrypted
                ? new Floe(subkey(key, context, "component " + name), what, joined)
                : joined;
            if (others.isEmpty()) {
              copy(content, Channels.newOutputStream(file), plain, what);
            } else if (others.get(0).equals("gzip")) {
              gunzip(content, Channels.newOutputStream(file), plain, what);
            } else {
              unzstd(content, Channels.newOutputStream(file), plain, what);
            }
          }
          file.force(true);
          Files.move(unproven, out); // fails if OUT has come up meanwhile
        } finally {
          delete(unproven);
          Runtime.getRuntime().removeShutdownHook(janitor);
        }
      }
      args.told.println(out + " is " + what + ", " + state + ": " + size + " bytes, every one "
          + (proven ? "proven" : "as it was recorded; nothing proves by whom"));
    }

    private static FileChannel create(Path file) throws IOException {
      Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try {
        return FileChannel.open(
            file,
            options,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } catch (UnsupportedOperationException e) { // no such file system
        return FileChannel.open(file, options);
      }
    }

    private static void delete(Path file) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        System.err.println("recover: " + file + " holds unproven bytes and could not be deleted");
      }
    }
  }

  /** The objects of a component put together, one open at a time. */
  private static final class Joined extends InputStream {
    private final Iterator<Path> rest;
    private InputStream part = InputStream.nullInputStream();

    Joined(List<Path> paths) {
      rest = paths.iterator();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = part.read(bytes, offset, length);
      while (read < 0 && rest.hasNext()) {
        part.close();
        part = Files.newInputStream(rest.next());
        read = part.read(bytes, offset, length);
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      part.close();
    }
  }

  private static void prove(Path file, String what, Json expected)
      throws Refused, IOException, GeneralSecurityException {
    need(Files.isRegularFile(file), what + " is missing");
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    long size = 0;
    byte[] buffer = new byte[SMALL];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        size += read;
      }
    }
    need(
        size == expected.number("size") && hex(digest.digest()).equals(expected.text("sha256")),
        what + " is damaged: its size or SHA-256 is not what was recorded");
  }

  /** Copies the content, never more of it than was recorded, and proves it. */
  private static void copy(InputStream content, OutputStream out, Json plain, String what)
      throws Refused, IOException, GeneralSecurityException {
    String wrong = what + " is damaged: its size or SHA-256 is not what was recorded";
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    long left = plain.number("size");
    byte[] buffer = new byte[SMALL];
    try {
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        left -= read;
        need(left >= 0, wrong);
        digest.update(buffer, 0, read);
        out.write(buffer, 0, read);
      }
    } catch (DamagedException e) {
      throw new Refused(e.getMessage());
    }
    need(left == 0 && hex(digest.digest()).equals(plain.text("sha256")), wrong);
  }

  private static void gunzip(InputStream content, OutputStream out, Json plain, String what)
      throws Refused, IOException, GeneralSecurityException {
    try (InputStream unpacked = new GZIPInputStream(content, SMALL)) {
      copy(unpacked, out, plain, what);
    } catch (DamagedException e) {
      throw new Refused(e.getMessage());
    } catch (ZipException | java.io.EOFException e) {
      throw new Refused(what + " is damaged: it is not what gzip wrote");
    }
  }

  private static void unzstd(InputStream content, OutputStream out, Json plain, String what)
      throws Refused, IOException, GeneralSecurityException {
    Process zstd;
    try {
      zstd = new ProcessBuilder("zstd", "-dqc")
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new Refused("the command zstd is needed and is not there: install it");
    }
    List<IOException> failures = Collections.synchronizedList(new ArrayList<>(1));
    Thread feeder = new Thread(() -> {
      try (OutputStream in = zstd.getOutputStream()) {
        byte[] buffer = new byte[SMALL];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
          in.write(buffer, 0, read);
        }
      } catch (IOException e) {
        failures.add(e);
      }
    });
    feeder.start();
    try {
      try {
        copy(zstd.getInputStream(), out, plain, what);
        need(zstd.waitFor() == 0, what + " is damaged: it is not what zstd wrote");
      } finally {
        zstd.destroyForcibly();
        feeder.join();
      }
    } catch (Refused e) {
      for (IOException failure : failures) {
        need(!(failure instanceof DamagedException), failure.getMessage()); // where it began
      }
      throw e;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    need(failures.isEmpty(), what + " could not be read to its end");
  }

  /** A stream whose bytes do not prove right. */
  private static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
      super(message);
    }
  }

  private static byte[] floe(byte[] key, String aad, byte[] sealed)
      throws Refused, IOException, GeneralSecurityException {
    try {
      return new Floe(key, aad, new ByteArrayInputStream(sealed)).readAllBytes();
    } catch (DamagedException e) {
      throw new Refused(e.getMessage());
    }
  }

  /** Opens FLOE segment by segment, and gives no byte of one that does not prove right. */
  private static final class Floe extends InputStream {
    private static final int SEGMENT = 65536;
    private static final int OVERHEAD = 4 + 12 + 16;
    private static final int MASK = (1 << 20) - 1;

    private final byte[] aad;
    private final String what;
    private final InputStream source;
    private final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    private final byte[] parametersAndIv;
    private final byte[] messageKey;
    private SecretKeySpec segmentKey;
    private byte[] content = new byte[0];
    private int given;
    private long position;
    private boolean ended;

    Floe(byte[] key, String aad, InputStream source) throws IOException, GeneralSecurityException {
      this.aad = utf8(aad);
      this.what = aad;
      this.source = source;
      byte[] header = source.readNBytes(74);
      parametersAndIv = Arrays.copyOf(header, 42);
      byte[] parameters = ByteBuffer.allocate(10)
          .put((byte) 0)
          .put((byte) 0)
          .putInt(SEGMENT)
          .putInt(32)
          .array();
      boolean opens = header.length == 74
          && Arrays.equals(parameters, Arrays.copyOf(header, 10))
          && MessageDigest.isEqual(
              derive(key, "HEADER_TAG:", new byte[0], 32), Arrays.copyOfRange(header, 42, 74));
      if (!opens) {
        throw new DamagedException(what + " does not open");
      }
      messageKey = derive(key, "MESSAGE_KEY:", new byte[0], 48);
    }

    private byte[] derive(byte[] key, String purpose, byte[] number, int size)
        throws GeneralSecurityException {
      return expand("HmacSHA384", key, size, parametersAndIv, ascii(purpose), number, aad);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (given == content.length) {
        if (ended) {
          return -1;
        }
        try {
          content = segment();
        } catch (GeneralSecurityException e) {
          throw new DamagedException(
              what + " is damaged: segment " + position + " does not prove right");
        }
        given = 0;
      }
      int size = Math.min(length, content.length - given);
      System.arraycopy(content, given, bytes, offset, size);
      given += size;
      return size;
    }

    private byte[] segment() throws IOException, GeneralSecurityException {
      byte[] segment = source.readNBytes(SEGMENT);
      if (segment.length < OVERHEAD) {
        throw new DamagedException(what + " is damaged: it was cut");
      }
      int length = ByteBuffer.wrap(segment).getInt();
      boolean last = length != -1;
      if (segment.length != (last ? length : SEGMENT)) {
        throw new DamagedException(what + " is damaged: it was cut");
      }
      byte[] number = ByteBuffer.allocate(8).putLong(position).array();
      if ((position & MASK) == 0) {
        segmentKey = new SecretKeySpec(derive(messageKey, "DEK:", number, 32), "AES");
      }
      cipher.init(Cipher.DECRYPT_MODE, segmentKey, new GCMParameterSpec(128, segment, 4, 12));
      cipher.updateAAD(number);
      cipher.updateAAD(new byte[] {(byte) (last ? 1 : 0)});
      byte[] opened = cipher.doFinal(segment, 16, segment.length - 16);
      if (last && source.read() >= 0) {
        throw new DamagedException(what + " is damaged: something follows its end");
      }
      ended = last;
      position++;
      return opened;
    }
  }

  /** RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM: the first message. */
  private static final class Hpke {
    private static final byte[] KEM = {'K', 'E', 'M', 0, 0x20};
    private static final byte[] SUITE = {'H', 'P', 'K', 'E', 0, 0x20, 0, 1, 0, 2};
    private static final byte[] NONE = {};

    static byte[] open(byte[] secret, byte[] enc, byte[] sealed, byte[] aad)
        throws GeneralSecurityException {
      byte[] basePoint = new byte[32];
      basePoint[0] = 9;
      byte[] kemContext = join(enc, x25519(secret, basePoint));
      byte[] shared = expand(
          KEM, extract(KEM, NONE, "eae_prk", x25519(secret, enc)), "shared_secret", kemContext, 32);
      byte[] context = join(
          new byte[] {0},
          extract(SUITE, NONE, "psk_id_hash", NONE),
          extract(SUITE, NONE, "info_hash", ascii("lifeboat 1 slot")));
      byte[] base = extract(SUITE, shared, "secret", NONE);
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(expand(SUITE, base, "key", context, 32), "AES"),
          new GCMParameterSpec(128, expand(SUITE, base, "base_nonce", context, 12)));
      cipher.updateAAD(aad);
      return cipher.doFinal(sealed);
    }

    private static byte[] x25519(byte[] secret, byte[] point) throws GeneralSecurityException {
      if (point.length != 32) {
        throw new GeneralSecurityException("no point");
      }
      byte[] bigEndian = new byte[32];
      for (int i = 0; i < 32; i++) {
        bigEndian[31 - i] = point[i];
      }
      bigEndian[0] &= 0x7f;
      KeyFactory keys = KeyFactory.getInstance("X25519");
      PrivateKey privateKey =
          keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret));
      KeyAgreement agreement = KeyAgreement.getInstance("X25519");
      agreement.init(privateKey);
      agreement.doPhase(
          keys.generatePublic(
              new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian))),
          true);
      return agreement.generateSecret();
    }

    private static byte[] extract(byte[] suite, byte[] salt, String label, byte[] ikm)
        throws GeneralSecurityException {
      return hmac("HmacSHA256", salt, ascii("HPKE-v1"), suite, ascii(label), ikm);
    }

    private static byte[] expand(byte[] suite, byte[] prk, String label, byte[] info, int size)
        throws GeneralSecurityException {
      byte[] length = {0, (byte) size};
      return Recover.expand(
          "HmacSHA256", prk, size, length, ascii("HPKE-v1"), suite, ascii(label), info);
    }
  }

  /** HKDF-Expand of so few bytes that one block holds them. */
  private static byte[] expand(String mac, byte[] key, int size, byte[]... info)
      throws GeneralSecurityException {
    return Arrays.copyOf(hmac(mac, key, join(info), new byte[] {1}), size);
  }

  private static byte[] hmac(String algorithm, byte[] key, byte[]... message)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(
        new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm)); // zeros are padding
    return mac.doFinal(join(message));
  }

  private static byte[] sha256(byte[]... bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(join(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] join(byte[]... all) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] bytes : all) {
      joined.writeBytes(bytes);
    }
    return joined.toByteArray();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String utf8(byte[] bytes, String what) throws Refused {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused(what + " is damaged: it is not UTF-8");
    }
  }

  private static byte[] read(Path file, String what, int most) throws Refused, IOException {
    need(Files.isRegularFile(file), what + " is missing");
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      need(bytes.length <= most, what + " is damaged: it has more than " + most + " bytes");
      return bytes;
    }
  }

  /** An object of strict JSON, and where it is from. */
  private static final class Json {
    final String what;
    private final Map<?, ?> members;

    private Json(Object value, String what) throws Refused {
      need(value instanceof Map, what + " is damaged: an object is missing in it");
      this.members = (Map<?, ?>) value;
      this.what = what;
    }

    static Json parse(byte[] bytes, String what) throws Refused {
      return new Json(new Parser(utf8(bytes, what), what).document(), what);
    }

    Json ofFormat1() throws Refused {
      need(number("format") == 1, what + NEWER);
      return this;
    }

    boolean has(String name) {
      return members.containsKey(name);
    }

    String text(String name) throws Refused {
      return as(String.class, members.get(name), name);
    }

    long number(String name) throws Refused {
      return as(Long.class, members.get(name), name);
    }

    byte[] binary(String name) throws Refused {
      try {
        return Base64.getDecoder().decode(text(name));
      } catch (IllegalArgumentException e) {
        throw new Refused(what + " is damaged: its " + name + " is not base64");
      }
    }

    Json object(String name) throws Refused {
      return new Json(members.get(name), what);
    }

    List<Json> objects(String name) throws Refused {
      List<Json> objects = new ArrayList<>();
      for (Object element : as(List.class, members.get(name), name)) {
        objects.add(new Json(element, what));
      }
      return objects;
    }

    List<String> texts(String name) throws Refused {
      List<String> texts = new ArrayList<>();
      for (Object element : as(List.class, members.get(name), name)) {
        texts.add(as(String.class, element, name));
      }
      return texts;
    }

    private <T> T as(Class<T> type, Object value, String name) throws Refused {
      need(
          type.isInstance(value),
          what + " is damaged: its " + name + " is missing or of a wrong kind");
      return type.cast(value);
    }
  }

  /** Reads RFC 8259, of which Lifeboat writes no fractions and no key twice. */
  private static final class Parser {
    private static final int DEEPEST = 16;
    private static final int MOST = 500_000;

    private final String text;
    private final String what;
    private int at;
    private int values;

    Parser(String text, String what) {
      this.text = text;
      this.what = what;
    }

    Object document() throws Refused {
      Object value = value(1);
      blanks();
      expect(at == text.length());
      return value;
    }

    private Object value(int depth) throws Refused {
      expect(++values <= MOST);
      blanks();
      switch (peek()) {
        case '{':
          return object(depth);
        case '[':
          return list(depth);
        case '"':
          return string();
        case 't':
          return word("true", Boolean.TRUE);
        case 'f':
          return word("false", Boolean.FALSE);
        case 'n':
          return word("null", null);
        default:
          return number();
      }
    }

    private Map<String, Object> object(int depth) throws Refused {
      expect(depth <= DEEPEST);
      Map<String, Object> members = new LinkedHashMap<>();
      at++;
      blanks();
      while (peek() != '}') {
        if (!members.isEmpty()) {
          take(',');
          blanks();
        }
        String name = string();
        blanks();
        take(':');
        expect(!members.containsKey(name));
        members.put(name, value(depth + 1));
        blanks();
      }
      at++;
      return members;
    }

    private List<Object> list(int depth) throws Refused {
      expect(depth <= DEEPEST);
      List<Object> elements = new ArrayList<>();
      at++;
      blanks();
      while (peek() != ']') {
        if (!elements.isEmpty()) {
          take(',');
        }
        elements.add(value(depth + 1));
        blanks();
      }
      at++;
      return elements;
    }

    private String string() throws Refused {
      take('"');
      StringBuilder string = new StringBuilder();
      for (char c = next(); c != '"'; c = next()) {
        expect(c >= ' ');
        string.append(c == '\\' ? escaped() : c);
      }
      return string.toString();
    }

    private char escaped() throws Refused {
      char c = next();
      if (c == 'u') {
        expect(text.length() - at >= 4 && text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}"));
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      int index = "\"\\/bfnrt".indexOf(c);
      expect(index >= 0);
      return "\"\\/\b\f\n\r\t".charAt(index);
    }

    private Long number() throws Refused {
      int begin = at;
      while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      String digits = text.substring(begin, at);
      expect(digits.matches("-?(0|[1-9][0-9]{0,18})"));
      try {
        return Long.valueOf(digits);
      } catch (NumberFormatException e) {
        throw damaged();
      }
    }

    private Object word(String word, Object value) throws Refused {
      expect(text.startsWith(word, at));
      at += word.length();
      return value;
    }

    private void blanks() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private char peek() throws Refused {
      expect(at < text.length());
      return text.charAt(at);
    }

    private char next() throws Refused {
      char c = peek();
      at++;
      return c;
    }

    private void take(char expected) throws Refused {
      expect(next() == expected);
    }

    private void expect(boolean condition) throws Refused {
      if (!condition) {
        throw damaged();
      }
    }

    private Refused damaged() {
      return new Refused(what + " is damaged: it is not JSON such as Lifeboat writes");
    }
  }
}
