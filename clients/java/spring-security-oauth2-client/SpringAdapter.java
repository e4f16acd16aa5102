import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.AbstractRestClientOAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.NimbusJwtClientAuthenticationParametersConverter;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.jwt.JwtEncodingException;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.util.InvalidUrlException;

/** Shared by both adapters of Spring Security: registration, HTTP and errors. */
abstract class SpringAdapter extends Adapter {
    static final String REGISTRATION = "gauntlet";

    Map<String, Object> config;
    ClientRegistration registration;
    volatile Duration ahead = Duration.ZERO;

    Map<String, Object> client(String name) {
        return map(
                "name", name,
                "version", org.springframework.security.core.SpringSecurityCoreVersion.getVersion(),
                "language", "java",
                "runtime", "java " + System.getProperty("java.version") + ", Spring "
                        + org.springframework.core.SpringVersion.getVersion() + ", java.net.http, Jackson",
                "url", "https://github.com/spring-projects/spring-security");
    }

    @Override
    public void configure(Map<String, Object> given) throws Exception {
        config = given;
        ahead = Duration.ZERO;
        try {
            registration = registration();
            build();
        } catch (IllegalArgumentException refused) {
            throw new Failure("config", refused);
        }
    }

    /** Builds the client from the registration. */
    abstract void build() throws Exception;

    private ClientRegistration registration() {
        ClientRegistration.Builder builder = ClientRegistration.withRegistrationId(REGISTRATION)
                .authorizationGrantType(new AuthorizationGrantType(text("grant_type")))
                .tokenUri(text("token_url"))
                .clientId(text("client_id"))
                .clientSecret(text("client_secret"))
                .scope(scopes());
        if (text("token_endpoint_auth_method") != null)
            builder.clientAuthenticationMethod(new ClientAuthenticationMethod(text("token_endpoint_auth_method")));
        return builder.build();
    }

    Set<String> scopes() {
        return text("scope") == null ? Set.of() : new LinkedHashSet<>(Arrays.asList(text("scope").split(" ")));
    }

    /** Configures a token client with its own setters if the configuration differs from its defaults. */
    <T extends AbstractOAuth2AuthorizationGrantRequest, C extends AbstractRestClientOAuth2AccessTokenResponseClient<T>>
            C prepared(C client) throws Exception {
        if (config.containsKey("timeout") || config.containsKey("ca_file")) client.setRestClient(tokenRestClient());
        if (config.get("additional_payload") instanceof Map<?, ?> more) {
            MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
            more.forEach((name, value) -> {
                if (!(value instanceof String))
                    throw new Failure("config", "additional_payload: parameters are strings here");
                parameters.add((String) name, (String) value);
            });
            client.addParametersConverter(grantRequest -> parameters);
        }
        JWK key = assertionKey();
        if (key != null)
            client.addParametersConverter(new NimbusJwtClientAuthenticationParametersConverter<>(registration -> key));
        return client;
    }

    /** The key for the library's client assertion, as in its documentation; null with another authentication method. */
    private JWK assertionKey() throws Exception {
        switch (String.valueOf(text("token_endpoint_auth_method"))) {
            case "private_key_jwt":
                RSAPrivateCrtKey key = (RSAPrivateCrtKey) RsaKeyConverters.pkcs8()
                        .convert(new ByteArrayInputStream(text("private_key").getBytes(StandardCharsets.UTF_8)));
                RSAPublicKeySpec publicPart = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
                return new RSAKey.Builder((RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(publicPart))
                        .privateKey(key)
                        .build();
            case "client_secret_jwt":
                byte[] secret = text("client_secret").getBytes(StandardCharsets.UTF_8);
                return new OctetSequenceKey.Builder(new SecretKeySpec(secret, "HmacSHA256")).build();
            default:
                return null;
        }
    }

    // As in the library's documentation for the application's own RestClient.
    private RestClient tokenRestClient() throws Exception {
        return RestClient.builder()
                .requestFactory(requestFactory())
                .configureMessageConverters(converters -> {
                    converters.addCustomConverter(new FormHttpMessageConverter());
                    converters.addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter());
                })
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build();
    }

    JdkClientHttpRequestFactory requestFactory() throws Exception {
        HttpClient.Builder http = HttpClient.newBuilder();
        Duration limit = config.get("timeout") instanceof Number seconds
                ? Duration.ofMillis((long) (seconds.doubleValue() * 1000))
                : null;
        if (limit != null) http.connectTimeout(limit);
        if (text("ca_file") != null) http.sslContext(trusting(text("ca_file")));
        JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(http.build());
        if (limit != null) factory.setReadTimeout(limit);
        return factory;
    }

    /** Makes the access token of an earlier session, which the library requires together with a refresh token. */
    OAuth2AccessToken expired() {
        return new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER, "expired", Instant.EPOCH, Instant.EPOCH.plusSeconds(1), scopes());
    }

    static Map<String, Object> shown(OAuth2AccessToken token, OAuth2RefreshToken refreshToken) {
        return token(
                "access_token", token.getTokenValue(),
                "token_type", token.getTokenType().getValue(),
                "expires_at", token.getExpiresAt() == null ? null : token.getExpiresAt().toEpochMilli() / 1000.0,
                "refresh_token", refreshToken == null ? null : refreshToken.getTokenValue(),
                "scope", token.getScopes().isEmpty() ? null : String.join(" ", token.getScopes()));
    }

    @Override
    public String kind(Throwable thrown) {
        if (within(thrown, InterruptedException.class) != null) return "cancelled";
        if (within(thrown, HttpTimeoutException.class) != null || within(thrown, SocketTimeoutException.class) != null)
            return "timeout";
        if (within(thrown, ResourceAccessException.class) != null) return "transport";
        if (within(thrown, RestClientResponseException.class) != null) return "transport";
        if (thrown instanceof OAuth2AuthorizationException refused) return ownCode(refused) ? "protocol" : "oauth";
        // The latter: the key does not fit the algorithm of the client assertion.
        if (thrown instanceof InvalidUrlException || thrown instanceof JwtEncodingException) return "config";
        // Codes of errors about the configuration of the registration.
        if (thrown instanceof IllegalArgumentException
                && List.of("clientId cannot be null", "tokenUri cannot be null").contains(thrown.getMessage()))
            return "config";
        return "unexpected";
    }

    @Override
    public Map<String, Object> details(Throwable thrown) {
        RestClientResponseException answered = within(thrown, RestClientResponseException.class);
        Map<String, Object> details = map("http_status", answered == null ? null : answered.getStatusCode().value());
        if (thrown instanceof OAuth2AuthorizationException refused && !ownCode(refused)) {
            OAuth2Error error = refused.getError();
            details.put("oauth_error", error.getErrorCode());
            details.put("oauth_error_description", error.getDescription());
            details.put("oauth_error_uri", error.getUri());
        }
        return details;
    }

    // The code of errors about a missing or unreadable response.
    private static boolean ownCode(OAuth2AuthorizationException refused) {
        return refused.getError().getErrorCode().equals("invalid_token_response");
    }

    private static <T extends Throwable> T within(Throwable thrown, Class<T> wanted) {
        for (Throwable each = thrown; each != null; each = each.getCause())
            if (wanted.isInstance(each)) return wanted.cast(each);
        return null;
    }

    String text(String key) {
        return (String) config.get(key);
    }
}
