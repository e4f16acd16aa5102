import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.JWTBearerGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResourceOwnerPasswordCredentialsGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.SerializeException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.assertions.jwt.JWTAssertionDetails;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretJWT;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.Subject;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.token.Tokens;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/** Drives TokenRequest and TokenResponse of the Nimbus SDK, and its own HTTPRequest to send them. */
public final class NimbusAdapter extends Adapter {
    // The library has no time limit of its own, so that an application sets one; without it, some responses never end.
    private static final double USUAL_LIMIT_S = 10;

    private Map<String, Object> config;
    private URI endpoint;
    private SSLSocketFactory sockets;
    private Tokens held;
    private RefreshToken refreshToken;

    public static void main(String[] arguments) throws Exception {
        new NimbusAdapter().serve();
    }

    @Override
    public Map<String, Object> hello() {
        return map(
                "client", map(
                        "name", "Nimbus OAuth 2.0 SDK",
                        "version", version("com.nimbusds", "oauth2-oidc-sdk"),
                        "language", "java",
                        "runtime", "java " + System.getProperty("java.version") + ", HttpURLConnection",
                        "url", "https://bitbucket.org/connect2id/oauth-2.0-sdk-with-openid-connect-extensions"),
                "grants", List.of("refresh_token", "client_credentials", "password", JWTBearerGrant.GRANT_TYPE.getValue()),
                "token_endpoint_auth_methods", List.of(
                        "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"),
                "parameters", List.of("scope", "resource", "additional_payload", "jwt_header", "ca_file", "timeout", "issuer"),
                "capabilities", List.of("refresh", "resource", "parallel", "tls", "describe"));
    }

    @Override
    public void configure(Map<String, Object> given) throws Exception {
        config = given;
        held = null;
        sockets = text("ca_file") == null ? null : trusting(text("ca_file")).getSocketFactory();
        refreshToken = made(() -> text("refresh_token") == null ? null : new RefreshToken(text("refresh_token")));
        endpoint = made(() -> text("token_url") == null ? null : new URI(text("token_url")));
        // Configuration errors are raised here; each call builds a new request, because an assertion expires.
        if (text("issuer") == null) made(() -> tokenRequest(configuredGrant()).toHTTPRequest());
    }

    @Override
    public Map<String, Object> getToken() throws Exception {
        return exchanged(made(this::configuredGrant));
    }

    @Override
    public Map<String, Object> refresh() throws Exception {
        if (refreshToken == null) throw new Failure("config", "there is no refresh token");
        return exchanged(new RefreshTokenGrant(refreshToken));
    }

    @Override
    public Map<String, Object> request(String method, String url, Map<String, String> headers, String body)
            throws Exception {
        if (held == null) getToken();
        HTTPRequest request = new HTTPRequest(HTTPRequest.Method.valueOf(method), new URI(url));
        headers.forEach(request::setHeader);
        request.setAuthorization(held.getAccessToken().toAuthorizationHeader());
        request.setBody(body);
        HTTPResponse answer = sent(request);
        return response(answer.getStatusCode(), answer.getHeaderMap(), answer.getBody());
    }

    @Override
    public List<String> describe() {
        return List.of(String.valueOf(made(this::clientAuthentication)), String.valueOf(held));
    }

    @Override
    public String kind(Throwable thrown) {
        if (thrown instanceof SocketTimeoutException) return "timeout";
        if (thrown instanceof IOException) return "transport";
        // ParseException is one of them; the others are about the metadata of the server.
        if (thrown instanceof GeneralException) return "protocol";
        return "unexpected";
    }

    private Map<String, Object> exchanged(AuthorizationGrant grant) throws Exception {
        discover();
        TokenResponse answer = TokenResponse.parse(sent(made(() -> tokenRequest(grant).toHTTPRequest())));
        if (!answer.indicatesSuccess()) {
            ErrorObject error = answer.toErrorResponse().getErrorObject();
            // Its error object has no code if the response was not an error document.
            String said = "HTTP " + error.getHTTPStatusCode() + " " + error.toJSONObject();
            throw new Failure(error.getCode() == null ? "transport" : "oauth", said)
                    .with("oauth_error", error.getCode())
                    .with("oauth_error_description", error.getDescription())
                    .with("oauth_error_uri", error.getURI() == null ? null : error.getURI().toString())
                    .with("http_status", error.getHTTPStatusCode());
        }
        held = answer.toSuccessResponse().getTokens();
        // The library stores nothing: like an application, the adapter stores what the next call needs.
        if (held.getRefreshToken() != null) refreshToken = held.getRefreshToken();
        long lifetime = held.getAccessToken().getLifetime();
        Scope scope = held.getAccessToken().getScope();
        Map<String, Object> token = token(
                "access_token", held.getAccessToken().getValue(),
                "token_type", held.getAccessToken().getType().getValue(),
                "expires_in", lifetime == 0 ? null : lifetime, // documented: 0 if not specified
                "refresh_token", held.getRefreshToken() == null ? null : held.getRefreshToken().getValue(),
                "scope", scope == null ? null : scope.toString());
        token.put("extra", answer.toSuccessResponse().getCustomParameters());
        return token;
    }

    // An application reads the metadata when it starts; if that fails, it tries again.
    private synchronized void discover() throws GeneralException, IOException {
        if (text("issuer") == null || endpoint != null) return;
        endpoint = AuthorizationServerMetadata.resolve(new Issuer(text("issuer")), this::limit).getTokenEndpointURI();
    }

    private HTTPResponse sent(HTTPRequest request) throws IOException {
        limit(request);
        return request.send();
    }

    private void limit(HTTPRequest request) {
        double limit = config.get("timeout") instanceof Number seconds ? seconds.doubleValue() : USUAL_LIMIT_S;
        int milliseconds = (int) (limit * 1000);
        request.setConnectTimeout(milliseconds);
        request.setReadTimeout(milliseconds);
        if (sockets != null) request.setSSLSocketFactory(sockets);
    }

    private TokenRequest tokenRequest(AuthorizationGrant grant) throws Exception {
        ClientAuthentication authentication = clientAuthentication();
        TokenRequest.Builder builder = authentication != null
                ? new TokenRequest.Builder(endpoint, authentication, grant)
                : text("client_id") != null
                        ? new TokenRequest.Builder(endpoint, new ClientID(text("client_id")), grant)
                        : new TokenRequest.Builder(endpoint, grant);
        // The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
        if (text("scope") != null && grant.getType().getValue().equals(text("grant_type")))
            builder.scope(Scope.parse(text("scope")));
        if (config.get("resource") instanceof String one) builder.resource(new URI(one));
        if (config.get("resource") instanceof List<?> several)
            builder.resources(several.stream().map(each -> URI.create((String) each)).toArray(URI[]::new));
        if (config.get("additional_payload") instanceof Map<?, ?> more) {
            for (Map.Entry<?, ?> each : more.entrySet()) {
                if (!(each.getValue() instanceof String))
                    throw new IllegalArgumentException("additional_payload: custom parameters are strings here");
                builder.customParameter((String) each.getKey(), (String) each.getValue());
            }
        }
        return builder.build();
    }

    private ClientAuthentication clientAuthentication() throws Exception {
        if ("private_key_jwt".equals(text("token_endpoint_auth_method"))) {
            JWK key = JWK.parseFromPEMEncodedObjects(text("private_key"));
            ClientID id = new ClientID(text("client_id"));
            return key instanceof ECKey curve
                    ? new PrivateKeyJWT(id, endpoint, JWSAlgorithm.ES256, curve.toPrivateKey(), null, null)
                    : new PrivateKeyJWT(id, endpoint, JWSAlgorithm.RS256, key.toRSAKey().toPrivateKey(), null, null);
        }
        if (text("client_secret") == null || "none".equals(text("token_endpoint_auth_method"))) return null;
        ClientID id = new ClientID(text("client_id"));
        Secret secret = new Secret(text("client_secret"));
        return switch (String.valueOf(text("token_endpoint_auth_method"))) {
            case "client_secret_post" -> new ClientSecretPost(id, secret);
            case "client_secret_jwt" -> new ClientSecretJWT(id, endpoint, JWSAlgorithm.HS256, secret);
            default -> new ClientSecretBasic(id, secret);
        };
    }

    private AuthorizationGrant configuredGrant() throws Exception {
        switch (String.valueOf(text("grant_type"))) {
            case "refresh_token":
                return new RefreshTokenGrant(refreshToken);
            case "client_credentials":
                return new ClientCredentialsGrant();
            case "password":
                return new ResourceOwnerPasswordCredentialsGrant(text("username"), new Secret(text("password")));
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                return new JWTBearerGrant(assertion());
            default:
                throw new Failure("config", "the adapter drives no grant " + text("grant_type"));
        }
    }

    // The library sets the claims and the lifetime of the assertion.
    private SignedJWT assertion() throws Exception {
        JWTAssertionDetails details = new JWTAssertionDetails(
                new Issuer(text("jwt_issuer")), new Subject(text("jwt_subject")), new Audience(text("jwt_audience")));
        JWK key = JWK.parseFromPEMEncodedObjects(text("private_key"));
        JWSHeader header = new JWSHeader(key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256);
        if (config.get("jwt_header") instanceof Map<?, ?> more) {
            Map<String, Object> members = header.toJSONObject();
            more.forEach((name, value) -> members.put((String) name, value));
            header = JWSHeader.parse(members);
        }
        SignedJWT assertion = new SignedJWT(header, details.toJWTClaimsSet());
        assertion.sign(new DefaultJWSSignerFactory().createJWSSigner(key, header.getAlgorithm()));
        return assertion;
    }

    private String text(String key) {
        return (String) config.get(key);
    }

    private interface Making<T> {
        T make() throws Exception;
    }

    // Errors while the library's objects are built from the configuration, before anything is sent. A null that it
    // documents as "must not be null" is a NullPointerException.
    private static <T> T made(Making<T> making) {
        try {
            return making.make();
        } catch (IllegalArgumentException | IllegalStateException | NullPointerException | SerializeException
                | JOSEException | URISyntaxException | java.text.ParseException | ParseException refused) {
            throw new Failure("config", refused);
        } catch (RuntimeException other) {
            throw other;
        } catch (Exception other) {
            throw new IllegalStateException(other);
        }
    }
}
