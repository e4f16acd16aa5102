import com.google.api.client.auth.oauth2.BearerToken;
import com.google.api.client.auth.oauth2.Credential;
import com.google.api.client.http.GenericUrl;
import java.util.List;
import java.util.Map;

/** Drives the Credential of google-oauth-client: a refresh token and its access tokens. */
public final class GoogleCredentialAdapter extends GoogleAdapter {
    private Credential credential;
    private volatile long aheadMs;

    public static void main(String[] arguments) throws Exception {
        new GoogleCredentialAdapter().serve();
    }

    @Override
    public Map<String, Object> hello() {
        return map(
                "client", client("google-oauth-client (Credential)"),
                "grants", List.of("refresh_token"),
                "token_endpoint_auth_methods", List.of("client_secret_basic", "client_secret_post", "none"),
                "parameters", List.of("ca_file", "timeout"),
                "capabilities", List.of(
                        "cache", "auto_refresh", "refresh", "resource", "retry_401", "parallel", "clock", "tls", "describe"));
    }

    @Override
    void build() {
        aheadMs = 0;
        if (!"refresh_token".equals(text("grant_type")))
            throw new Failure("config", "a Credential has no grant_type " + text("grant_type"));
        credential = new Credential.Builder(BearerToken.authorizationHeaderAccessMethod())
                .setTransport(transport)
                .setJsonFactory(JSON)
                .setTokenServerEncodedUrl(text("token_url"))
                .setClientAuthentication(authentication())
                .setRequestInitializer(this::limited)
                .setClock(() -> System.currentTimeMillis() + aheadMs)
                .build()
                .setRefreshToken(text("refresh_token"));
    }

    @Override
    public Map<String, Object> getToken() throws Exception {
        // The library calls this for each request of an application: it renews the token if necessary, and adds it.
        credential.intercept(transport.createRequestFactory().buildGetRequest(new GenericUrl("http://unsent.invalid")));
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
        return answer(credential, method, url, headers, body);
    }

    @Override
    public void advanceClock(double seconds) {
        aheadMs += (long) (seconds * 1000);
    }

    @Override
    public List<String> describe() {
        return List.of(String.valueOf(credential), String.valueOf(credential.getClientAuthentication()));
    }

    // A Credential exposes only the token, its expiry and the refresh token of a response.
    private Map<String, Object> exposed() {
        // An unavailable server: a 5xx is not thrown, but there is no token.
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
}
