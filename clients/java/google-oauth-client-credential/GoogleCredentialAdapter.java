import com.google.api.client.auth.oauth2.BearerToken;
import com.google.api.client.auth.oauth2.ClientParametersAuthentication;
import com.google.api.client.auth.oauth2.Credential;
import com.google.api.client.auth.oauth2.TokenErrorResponse;
import com.google.api.client.auth.oauth2.TokenResponseException;
import com.google.api.client.http.BasicAuthentication;
import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpExecuteInterceptor;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.gson.stream.MalformedJsonException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Drives the Credential of google-oauth-client: a refresh token, and the access tokens that it brings. */
public final class GoogleCredentialAdapter extends Adapter {
    private Map<String, Object> config;
    private HttpTransport transport;
    private Credential credential;
    private volatile long aheadMs;

    public static void main(String[] arguments) throws Exception {
        new GoogleCredentialAdapter().serve();
    }

    @Override
    public Map<String, Object> hello() {
        return map(
                "client", map(
                        "name", "google-oauth-client (Credential)",
                        "version", version("com.google.oauth-client", "google-oauth-client"),
                        "language", "java",
                        "runtime", "java " + System.getProperty("java.version") + ", google-http-client "
                                + version("com.google.http-client", "google-http-client") + ", HttpURLConnection, Gson",
                        "url", "https://github.com/googleapis/google-oauth-java-client"),
                "grants", List.of("refresh_token"),
                "token_endpoint_auth_methods", List.of("client_secret_basic", "client_secret_post", "none"),
                "parameters", List.of("ca_file", "timeout"),
                "capabilities", List.of(
                        "cache", "auto_refresh", "refresh", "resource", "retry_401", "parallel", "clock", "tls", "describe"));
    }

    @Override
    public void configure(Map<String, Object> given) throws Exception {
        config = given;
        aheadMs = 0;
        NetHttpTransport.Builder builder = new NetHttpTransport.Builder();
        if (text("ca_file") != null) {
            try (InputStream authorities = new FileInputStream(text("ca_file"))) {
                builder.trustCertificatesFromStream(authorities);
            }
        }
        transport = builder.build();
        if (!"refresh_token".equals(text("grant_type")))
            throw new Failure("config", "a Credential has no grant_type " + text("grant_type"));
        try {
            credential = new Credential.Builder(BearerToken.authorizationHeaderAccessMethod())
                    .setTransport(transport)
                    .setJsonFactory(GsonFactory.getDefaultInstance())
                    .setTokenServerEncodedUrl(text("token_url"))
                    .setClientAuthentication(authentication())
                    .setRequestInitializer(this::limited)
                    .setClock(() -> System.currentTimeMillis() + aheadMs)
                    .build()
                    .setRefreshToken(text("refresh_token"));
        } catch (IllegalArgumentException | NullPointerException refused) {
            // Documented: a URL that has a syntax error, an argument that is needed.
            throw new Failure("config", refused);
        }
    }

    @Override
    public Map<String, Object> getToken() throws Exception {
        // What an application has done to a request of its own before it is sent: renew the token if need be, and add it.
        credential.intercept(factory().buildGetRequest(new GenericUrl("http://unsent.invalid")));
        return exposed();
    }

    @Override
    public Map<String, Object> refresh() throws Exception {
        if (credential.getRefreshToken() == null) throw new Failure("config", "there is no refresh token");
        // Documented: "whether a new access token was successfully retrieved".
        if (!credential.refreshToken()) throw new Failure("transport", "refreshToken() returned false");
        return exposed();
    }

    @Override
    public Map<String, Object> request(String method, String url, Map<String, String> headers, String body)
            throws Exception {
        HttpRequest request = factory().buildRequest(method, new GenericUrl(url), content(headers, body));
        headers.forEach(request.getHeaders()::set);
        HttpResponse answer = request.setThrowExceptionOnExecuteError(false).execute();
        return response(answer.getStatusCode(), fields(answer), answer.parseAsString());
    }

    @Override
    public void advanceClock(double seconds) {
        aheadMs += (long) (seconds * 1000);
    }

    @Override
    public List<String> describe() {
        return List.of(String.valueOf(credential), String.valueOf(credential.getClientAuthentication()));
    }

    @Override
    public String kind(Throwable thrown) {
        if (thrown instanceof TokenResponseException refused) return error(refused) == null ? "transport" : "oauth";
        if (thrown instanceof SocketTimeoutException) return "timeout";
        if (thrown instanceof MalformedJsonException) return "protocol";
        if (thrown instanceof IOException) return "transport";
        return "unexpected";
    }

    @Override
    public Map<String, Object> details(Throwable thrown) {
        if (!(thrown instanceof TokenResponseException refused)) return Map.of();
        TokenErrorResponse document = refused.getDetails();
        return map(
                "oauth_error", error(refused),
                "oauth_error_description", document == null ? null : document.getErrorDescription(),
                "oauth_error_uri", document == null ? null : document.getErrorUri(),
                "http_status", refused.getStatusCode());
    }

    private static String error(TokenResponseException refused) {
        return refused.getDetails() == null ? null : refused.getDetails().getError();
    }

    private HttpRequestFactory factory() {
        return transport.createRequestFactory(request -> {
            credential.initialize(request);
            limited(request);
        });
    }

    private HttpExecuteInterceptor authentication() {
        if (text("client_id") == null && text("client_secret") == null) return null;
        String method = text("token_endpoint_auth_method");
        if ("client_secret_post".equals(method))
            return new ClientParametersAuthentication(text("client_id"), text("client_secret"));
        // Documented: the secret is null where the client has none.
        if (text("client_secret") == null || "none".equals(method))
            return new ClientParametersAuthentication(text("client_id"), null);
        return new BasicAuthentication(text("client_id"), text("client_secret"));
    }

    private void limited(HttpRequest request) {
        if (config.get("timeout") instanceof Number seconds) {
            int milliseconds = (int) (seconds.doubleValue() * 1000);
            request.setConnectTimeout(milliseconds).setReadTimeout(milliseconds);
        }
    }

    // Of the server's answer a Credential shows the token, its end and the refresh token.
    private Map<String, Object> exposed() {
        // So it tells of a server that is not available: a 5xx is not thrown, and there is no token then.
        if (credential.getAccessToken() == null)
            throw credential.getRefreshToken() == null
                    ? new Failure("config", "the credential holds no access token, and no refresh token")
                    : new Failure("transport", "the credential holds no access token");
        Long expires = credential.getExpirationTimeMilliseconds();
        return token(
                "access_token", credential.getAccessToken(),
                "expires_at", expires == null ? null : expires / 1000.0,
                "refresh_token", credential.getRefreshToken());
    }

    private static ByteArrayContent content(Map<String, String> headers, String body) {
        if (body == null) return null;
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.putAll(headers);
        return new ByteArrayContent(fields.get("Content-Type"), body.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, List<?>> fields(HttpResponse answer) {
        Map<String, List<?>> fields = new LinkedHashMap<>();
        answer.getHeaders().forEach(
                (name, value) -> fields.put(name, value instanceof List<?> values ? values : List.of(value)));
        return fields;
    }

    private String text(String key) {
        return (String) config.get(key);
    }
}
