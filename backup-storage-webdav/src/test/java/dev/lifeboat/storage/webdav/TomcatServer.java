package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.StandardRoot;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;

/** Tomcat's WebdavServlet with Basic authentication, in this process: there is no machine without it. */
public final class TomcatServer implements DavServer {
  private static final String ROLE = "writer";

  private final Tomcat tomcat = new Tomcat();
  private final Connector connector = new Connector();
  private final Path files;

  /** Started. {@code directory} is its own. */
  public TomcatServer(Path directory) throws IOException {
    java.util.logging.Logger.getLogger("org.apache").setLevel(java.util.logging.Level.SEVERE);
    files = DavServer.in(directory);
    Path root = directory.resolve("files");
    tomcat.setBaseDir(Files.createDirectories(directory.resolve("tomcat")).toString());
    tomcat.setHostname("127.0.0.1");
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("/dav", root.toString());
    StandardRoot resources = new StandardRoot(context);
    resources.setCachingAllowed(false); // tests also look at and change the files themselves
    context.setResources(resources);
    var servlet = Tomcat.addServlet(context, "dav", "org.apache.catalina.servlets.WebdavServlet");
    servlet.addInitParameter("readonly", "false");
    servlet.addInitParameter("listings", "true");
    context.addServletMapping("/*", "dav");
    protect(context);
    try {
      tomcat.start();
    } catch (LifecycleException e) {
      throw new IOException(e);
    }
  }

  private void protect(Context context) {
    LoginConfig login = new LoginConfig();
    login.setAuthMethod("BASIC");
    context.setLoginConfig(login);
    SecurityCollection everything = new SecurityCollection();
    everything.addPattern("/*");
    SecurityConstraint constraint = new SecurityConstraint();
    constraint.addCollection(everything);
    constraint.addAuthRole(ROLE);
    context.addConstraint(constraint);
    context.getPipeline().addValve(new BasicAuthenticator());
    tomcat.addUser(USER, PASSWORD);
    tomcat.addRole(USER, ROLE);
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/dav/backups/");
  }

  @Override
  public Path files() {
    return files;
  }

  @Override
  public void close() throws IOException {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IOException(e);
    }
  }
}
