import java.util.List;
import java.util.Map;

/**
 * An adapter to complete: at each TODO, fill in what your client needs. It runs unchanged, and reports what is missing.
 *
 * <pre>
 * mvn -q package
 * oauth-gauntlet adapter check "cmd:java -jar target/adapter.jar"
 * </pre>
 */
public final class MyAdapter extends Adapter {
    private Map<String, Object> config;

    public static void main(String[] arguments) throws Exception {
        new MyAdapter().serve();
    }

    @Override
    public Map<String, Object> hello() {
        return map(
                // TODO: which client this is. version("group", "artifact") reads the version of a jar that Maven built.
                "client", map(
                        "name", "my-client",
                        "version", "",
                        "language", "java",
                        "runtime", "java " + System.getProperty("java.version"),
                        "url", ""),
                // TODO: what its public API does, and nothing else: scenarios judge only what is declared.
                // docs/adapter-protocol.md lists the names. The grants are
                // refresh_token, client_credentials, password and urn:ietf:params:oauth:grant-type:jwt-bearer.
                "grants", List.of("client_credentials"),
                "token_endpoint_auth_methods", List.of(),
                // Optional configuration keys that the client understands: scope, additional_payload, ca_file, timeout, ...
                "parameters", List.of(),
                // cache, auto_refresh, refresh, resource, retry_401, parallel, cancel, clock, process_clock, tls, describe.
                "capabilities", List.of());
    }

    @Override
    public void configure(Map<String, Object> config) {
        // TODO: create your client from config.get("token_url"), config.get("client_id"), ...: pass what an application would
        // pass, and nothing for an absent key. trusting((String) config.get("ca_file")) returns an SSLContext.
        this.config = config;
    }

    @Override
    public Map<String, Object> getToken() {
        // TODO: ask your client for a token, and return what it exposes:
        // return token("access_token", ..., "token_type", ..., "expires_in", ..., "refresh_token", ..., "scope", ...);
        throw new Failure("unexpected", "fill in MyAdapter.getToken: it has no client yet to ask at " + config.get("token_url"));
    }

    // TODO: override refresh, request, advanceClock and describe if you declare their capabilities.

    @Override
    public String kind(Throwable thrown) {
        // TODO: the kinds of your client's documented exceptions: config, oauth, protocol, transport or timeout.
        if (thrown instanceof java.net.SocketTimeoutException) return "timeout";
        if (thrown instanceof java.io.IOException) return "transport";
        return "unexpected";
    }

    @Override
    public Map<String, Object> details(Throwable thrown) {
        // TODO: for kind oauth: map("oauth_error", ..., "oauth_error_description", ..., "http_status", ...).
        return Map.of();
    }
}
