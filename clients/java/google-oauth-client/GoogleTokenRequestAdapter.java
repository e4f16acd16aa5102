import com.google.api.client.auth.oauth2.BearerToken;
import com.google.api.client.auth.oauth2.ClientCredentialsTokenRequest;
import com.google.api.client.auth.oauth2.ClientParametersAuthentication;
import com.google.api.client.auth.oauth2.Credential;
import com.google.api.client.auth.oauth2.PasswordTokenRequest;
import com.google.api.client.auth.oauth2.RefreshTokenRequest;
import com.google.api.client.auth.oauth2.TokenErrorResponse;
import com.google.api.client.auth.oauth2.TokenRequest;
import com.google.api.client.auth.oauth2.TokenResponse;
import com.google.api.client.auth.oauth2.TokenResponseException;
import com.google.api.client.http.BasicAuthentication;
import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpExecuteInterceptor;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.JsonFactory;
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

/** Drives the token requests of google-oauth-client, over the JDK's HTTP and with Gson. */
public final class GoogleTokenRequestAdapter extends Adapter {
    private static final JsonFactory JSON = GsonFactory.getDefaultInstance();

    private Map<String, Object> config;
    private HttpTransport transport;
    private GenericUrl tokenUrl;
    private HttpExecuteInterceptor authentication;
    private TokenResponse held;
    private String refreshToken;

    public static void main(String[] arguments) throws Exception {
        new GoogleTokenRequestAdapter().serve();
    }

    @Override
    public Map<String, Object> hello() {
        return map(
                "client", map(
                        "name", "google-oauth-client",
                        "version", version("com.google.oauth-client", "google-oauth-client"),
                        "language", "java",
                        "runtime", "java " + System.getProperty("java.version") + ", google-http-client "
                                + version("com.google.http-client", "google-http-client") + ", HttpURLConnection, Gson",
                        "url", "https://github.com/googleapis/google-oauth-java-client"),
                "grants", List.of("refresh_token", "client_credentials", "password"),
                "token_endpoint_auth_methods", List.of("client_secret_basic", "client_secret_post", "none"),
                "parameters", List.of("scope", "additional_payload", "ca_file", "timeout"),
                "capabilities", List.of("refresh", "resource", "parallel", "tls", "describe"));
    }

    @Override
    public void configure(Map<String, Object> given) throws Exception {
        config = given;
        held = null;
        refreshToken = text("refresh_token");
        NetHttpTransport.Builder builder = new NetHttpTransport.Builder();
        if (text("ca_file") != null) {
            try (InputStream authorities = new FileInputStream(text("ca_file"))) {
                builder.trustCertificatesFromStream(authorities);
            }
        }
        transport = builder.build();
        try {
            tokenUrl = new GenericUrl(text("token_url"));
            authentication = authentication();
            // Whatever is refused is refused here; a request is made anew each time.
            tokenRequest(String.valueOf(text("grant_type")));
        } catch (IllegalArgumentException | NullPointerException refused) {
            // Documented: a URL that has a syntax error, an argument that must not be null.
            throw new Failure("config", refused);
        }
    }

    @Override
    public Map<String, Object> getToken() throws Exception {
        return exposed(tokenRequest(text("grant_type")).execute());
    }

    @Override
    public Map<String, Object> refresh() throws Exception {
        if (refreshToken == null) throw new Failure("config", "there is no refresh token");
        return exposed(tokenRequest("refresh_token").execute());
    }

    @Override
    public Map<String, Object> request(String method, String url, Map<String, String> headers, String body)
            throws Exception {
        if (held == null) getToken();
        Credential credential = new Credential.Builder(BearerToken.authorizationHeaderAccessMethod())
                .setTransport(transport)
                .setJsonFactory(JSON)
                .setTokenServerUrl(tokenUrl)
                .setClientAuthentication(authentication)
                .setRequestInitializer(this::limited)
                .build()
                .setFromTokenResponse(held);
        HttpRequest request = transport
                .createRequestFactory(credential)
                .buildRequest(method, new GenericUrl(url), content(headers, body));
        headers.forEach(request.getHeaders()::set);
        request.setThrowExceptionOnExecuteError(false);
        limited(request);
        HttpResponse answer = request.execute();
        return response(answer.getStatusCode(), fields(answer), answer.parseAsString());
    }

    @Override
    public List<String> describe() {
        return List.of(String.valueOf(authentication), String.valueOf(held));
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

    private TokenRequest tokenRequest(String grant) {
        TokenRequest request;
        switch (grant) {
            case "refresh_token":
                request = new RefreshTokenRequest(transport, JSON, tokenUrl, refreshToken);
                break;
            case "client_credentials":
                request = new ClientCredentialsTokenRequest(transport, JSON, tokenUrl);
                break;
            case "password":
                request = new PasswordTokenRequest(transport, JSON, tokenUrl, text("username"), text("password"));
                break;
            default:
                throw new Failure("config", "google-oauth-client has no token request for grant_type " + grant);
        }
        request.setClientAuthentication(authentication);
        request.setRequestInitializer(this::limited);
        // The scope is for the grant that was configured; a later refresh keeps what was granted (RFC 6749 section 6).
        if (text("scope") != null && grant.equals(text("grant_type")))
            request.setScopes(List.of(text("scope").split(" ")));
        if (config.get("additional_payload") instanceof Map<?, ?> more)
            more.forEach((name, value) -> request.set((String) name, value));
        return request;
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

    // The library keeps nothing: like an application, the adapter keeps what the next call needs.
    private Map<String, Object> exposed(TokenResponse answer) {
        // Documented: "null for no content".
        if (answer == null) throw new Failure("protocol", "execute() returned null: the answer has no content");
        held = answer;
        if (answer.getRefreshToken() != null) refreshToken = answer.getRefreshToken();
        Map<String, Object> token = token(
                "access_token", answer.getAccessToken(),
                "token_type", answer.getTokenType(),
                "expires_in", answer.getExpiresInSeconds(),
                "refresh_token", answer.getRefreshToken(),
                "scope", answer.getScope());
        token.put("extra", answer.getUnknownKeys());
        return token;
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
