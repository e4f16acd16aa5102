import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;

/** Drives the token clients of Spring Security that work with a RestClient, without the manager in front of them. */
public final class SpringTokenClientsAdapter extends SpringAdapter {
    private RestClientRefreshTokenTokenResponseClient refreshing;
    private Supplier<OAuth2AccessTokenResponse> asking;
    private OAuth2AccessToken accessToken;
    private OAuth2RefreshToken refreshToken;

    public static void main(String[] arguments) throws Exception {
        new SpringTokenClientsAdapter().serve();
    }

    @Override
    public Map<String, Object> hello() {
        return map(
                "client", client("Spring Security OAuth2 client (RestClient token clients)"),
                "grants", List.of("client_credentials", "refresh_token"),
                "token_endpoint_auth_methods", List.of(
                        "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"),
                "parameters", List.of("scope", "additional_payload", "ca_file", "timeout"),
                "capabilities", List.of("refresh", "parallel", "cancel", "tls", "describe"));
    }

    @Override
    void build() throws Exception {
        accessToken = expired();
        refreshToken = text("refresh_token") == null ? null : new OAuth2RefreshToken(text("refresh_token"), Instant.EPOCH);
        refreshing = prepared(new RestClientRefreshTokenTokenResponseClient());
        switch (text("grant_type")) {
            case "client_credentials":
                RestClientClientCredentialsTokenResponseClient forItself =
                        prepared(new RestClientClientCredentialsTokenResponseClient());
                asking = () -> forItself.getTokenResponse(new OAuth2ClientCredentialsGrantRequest(registration));
                break;
            case "refresh_token":
                new OAuth2RefreshTokenGrantRequest(registration, accessToken, refreshToken);
                asking = () -> refreshing.getTokenResponse(
                        new OAuth2RefreshTokenGrantRequest(registration, accessToken, refreshToken, scopes()));
                break;
            default:
                throw new Failure("config", "Spring Security has no token client for grant_type " + text("grant_type"));
        }
    }

    @Override
    public Map<String, Object> getToken() {
        return exposed(asking.get());
    }

    @Override
    public Map<String, Object> refresh() {
        if (refreshToken == null) throw new Failure("config", "there is no refresh token");
        // The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
        return exposed(refreshing.getTokenResponse(
                new OAuth2RefreshTokenGrantRequest(registration, accessToken, refreshToken)));
    }

    @Override
    public List<String> describe() {
        return List.of(String.valueOf(registration), String.valueOf(accessToken));
    }

    // The token clients store nothing: like an application, the adapter stores what the next call needs.
    private Map<String, Object> exposed(OAuth2AccessTokenResponse answer) {
        accessToken = answer.getAccessToken();
        if (answer.getRefreshToken() != null) refreshToken = answer.getRefreshToken();
        Map<String, Object> token = shown(answer.getAccessToken(), answer.getRefreshToken());
        token.put("extra", answer.getAdditionalParameters());
        return token;
    }
}
