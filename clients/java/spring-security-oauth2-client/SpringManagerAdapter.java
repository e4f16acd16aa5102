import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.client.OAuth2ClientHttpRequestInterceptor;
import org.springframework.security.oauth2.client.web.client.RequestAttributeClientRegistrationIdResolver;
import org.springframework.security.oauth2.client.web.client.RequestAttributePrincipalResolver;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.web.client.RestClient;

/** Drives an OAuth2AuthorizedClientManager of Spring Security, which stores and renews tokens. */
public final class SpringManagerAdapter extends SpringAdapter {
    private static final String PRINCIPAL = "the-application";

    private OAuth2AuthorizedClientManager manager;
    private OAuth2AuthorizedClientService service;
    private OAuth2AuthorizedClient held;

    public static void main(String[] arguments) throws Exception {
        new SpringManagerAdapter().serve();
    }

    @Override
    public Map<String, Object> hello() {
        return map(
                "client", client("Spring Security OAuth2 client (AuthorizedClientManager)"),
                "grants", List.of("client_credentials", "refresh_token"),
                // Not the methods with an assertion: its times are the system clock's, which the clock of the manager does not move.
                "token_endpoint_auth_methods", List.of("client_secret_basic", "client_secret_post", "none"),
                "parameters", List.of("scope", "additional_payload", "ca_file", "timeout"),
                "capabilities", List.of(
                        "cache", "auto_refresh", "resource", "parallel", "cancel", "clock", "tls", "describe"));
    }

    @Override
    void build() throws Exception {
        held = null;
        InMemoryClientRegistrationRepository registrations = new InMemoryClientRegistrationRepository(registration);
        service = new InMemoryOAuth2AuthorizedClientService(registrations);
        AuthorizedClientServiceOAuth2AuthorizedClientManager made =
                new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, service);
        OAuth2AuthorizedClientProvider provider = provider();
        made.setAuthorizedClientProvider(context -> dated(provider.authorize(context)));
        manager = made;
    }

    private OAuth2AuthorizedClientProvider provider() throws Exception {
        OAuth2AuthorizedClientProviderBuilder builder = OAuth2AuthorizedClientProviderBuilder.builder();
        switch (text("grant_type")) {
            case "client_credentials":
                RestClientClientCredentialsTokenResponseClient forItself =
                        prepared(new RestClientClientCredentialsTokenResponseClient());
                return builder.clientCredentials(each -> each.accessTokenResponseClient(forItself).clock(clock)).build();
            case "refresh_token":
                restore();
                RestClientRefreshTokenTokenResponseClient forUser = prepared(new RestClientRefreshTokenTokenResponseClient());
                return builder.refreshToken(each -> each.accessTokenResponseClient(forUser).clock(clock)).build();
            default:
                throw new Failure("config", "Spring Security has no provider for grant_type " + text("grant_type"));
        }
    }

    // The library refreshes only a stored session. An application with an earlier refresh token provides such a session,
    // with its access token, which has expired.
    private void restore() {
        if (text("refresh_token") == null) return;
        OAuth2RefreshToken refreshToken = new OAuth2RefreshToken(text("refresh_token"), Instant.EPOCH);
        service.saveAuthorizedClient(new OAuth2AuthorizedClient(registration, PRINCIPAL, expired(), refreshToken), user());
    }

    @Override
    public void advanceClock(double seconds) {
        ahead = ahead.plusMillis((long) (seconds * 1000));
    }

    // The library uses this clock to check the expiry, but the system clock for the time of issue. While its clock is moved,
    // the adapter therefore moves these times too; otherwise the token stays as the library made it.
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("the zone of this clock does not matter");
        }
    };

    private OAuth2AuthorizedClient dated(OAuth2AuthorizedClient client) {
        if (client == null || ahead.isZero()) return client;
        OAuth2AccessToken token = client.getAccessToken();
        OAuth2AccessToken moved = new OAuth2AccessToken(
                token.getTokenType(),
                token.getTokenValue(),
                token.getIssuedAt().plus(ahead),
                token.getExpiresAt().plus(ahead),
                token.getScopes());
        return new OAuth2AuthorizedClient(
                client.getClientRegistration(), client.getPrincipalName(), moved, client.getRefreshToken());
    }

    private static Authentication user() {
        return new TestingAuthenticationToken(PRINCIPAL, null);
    }

    @Override
    public Map<String, Object> getToken() {
        OAuth2AuthorizeRequest.Builder request =
                OAuth2AuthorizeRequest.withClientRegistrationId(REGISTRATION).principal(PRINCIPAL);
        if (text("scope") != null) request.attribute(OAuth2ParameterNames.SCOPE, text("scope"));
        OAuth2AuthorizedClient authorized = manager.authorize(request.build());
        // Documented: null if no provider supports the grant.
        if (authorized == null) throw new Failure("config", "authorize() returned null: there is no refresh token");
        held = authorized;
        return shown(authorized.getAccessToken(), authorized.getRefreshToken());
    }

    @Override
    public Map<String, Object> request(String method, String url, Map<String, String> headers, String body)
            throws Exception {
        OAuth2ClientHttpRequestInterceptor interceptor = new OAuth2ClientHttpRequestInterceptor(manager);
        interceptor.setPrincipalResolver(new RequestAttributePrincipalResolver());
        interceptor.setAuthorizationFailureHandler(
                OAuth2ClientHttpRequestInterceptor.authorizationFailureHandler(service));
        RestClient.RequestBodySpec request = RestClient.builder()
                .requestFactory(requestFactory())
                .requestInterceptor(interceptor)
                .build()
                .method(HttpMethod.valueOf(method))
                .uri(new URI(url))
                .attributes(RequestAttributeClientRegistrationIdResolver.clientRegistrationId(REGISTRATION))
                .attributes(RequestAttributePrincipalResolver.principal(PRINCIPAL))
                .headers(fields -> headers.forEach(fields::set));
        if (body != null) request.body(body.getBytes(StandardCharsets.UTF_8));
        return request.exchange((sent, answer) -> {
            Map<String, List<String>> fields = new LinkedHashMap<>();
            answer.getHeaders().forEach(fields::put);
            String text = new String(answer.getBody().readAllBytes(), StandardCharsets.UTF_8);
            return response(answer.getStatusCode().value(), fields, text);
        });
    }

    @Override
    public List<String> describe() {
        return List.of(
                String.valueOf(registration), String.valueOf(held), held == null ? "" : String.valueOf(held.getAccessToken()));
    }
}
