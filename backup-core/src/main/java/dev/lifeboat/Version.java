package dev.lifeboat;

/** What the manifests call their writer. */
final class Version {
  static final String WRITER = "lifeboat " + version();

  private Version() {}

  private static String version() {
    String version = Version.class.getModule().getDescriptor() != null
        ? Version.class.getModule().getDescriptor().rawVersion().orElse(null)
        : Version.class.getPackage().getImplementationVersion();
    return version == null ? "unreleased" : version;
  }
}
