import com.google.api.client.auth.oauth2.BearerToken;
import com.google.api.client.auth.oauth2.ClientCredentialsTokenRequest;
import com.google.api.client.auth.oauth2.Credential;
import com.google.api.client.auth.oauth2.PasswordTokenRequest;
import com.google.api.client.auth.oauth2.RefreshTokenRequest;
import com.google.api.client.auth.oauth2.TokenRequest;
import com.google.api.client.auth.oauth2.TokenResponse;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpExecuteInterceptor;
import java.util.List;
import java.util.Map;

/** Drives the token requests of google-oauth-client, over the JDK's HTTP and with Gson. */
public final class GoogleTokenRequestAdapter extends GoogleAdapter {
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
                "client", client("google-oauth-client"),
                "grants", List.of("refresh_token", "client_credentials", "password"),
                "token_endpoint_auth_methods", List.of("client_secret_basic", "client_secret_post", "none"),
                "parameters", List.of("scope", "additional_payload", "ca_file", "timeout"),
                "capabilities", List.of("refresh", "resource", "parallel", "tls", "describe"));
    }

    @Override
    void build() {
        held = null;
        refreshToken = text("refresh_token");
        tokenUrl = new GenericUrl(text("token_url"));
        authentication = authentication();
        // Configuration errors are raised here; each call builds a new request.
        tokenRequest(String.valueOf(text("grant_type")));
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
        return answer(credential, method, url, headers, body);
    }

    @Override
    public List<String> describe() {
        return List.of(String.valueOf(authentication), String.valueOf(held));
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
        // The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
        if (text("scope") != null && grant.equals(text("grant_type")))
            request.setScopes(List.of(text("scope").split(" ")));
        if (config.get("additional_payload") instanceof Map<?, ?> more)
            more.forEach((name, value) -> request.set((String) name, value));
        return request;
    }

    // The library stores nothing. The application stores what the next call needs, and an empty refresh token replaces none.
    private Map<String, Object> exposed(TokenResponse answer) {
        // Documented: "null for no content".
        if (answer == null) throw new Failure("protocol", "execute() returned null: the answer has no content");
        held = answer;
        if (answer.getRefreshToken() != null && !answer.getRefreshToken().isEmpty())
            refreshToken = answer.getRefreshToken();
        Map<String, Object> token = token(
                "access_token", answer.getAccessToken(),
                "token_type", answer.getTokenType(),
                "expires_in", answer.getExpiresInSeconds(),
                "refresh_token", answer.getRefreshToken(),
                "scope", answer.getScope());
        token.put("extra", answer.getUnknownKeys());
        return token;
    }
}
