import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.scribejava.core.builder.ServiceBuilder;
import com.github.scribejava.core.builder.ServiceBuilderOAuth20;
import com.github.scribejava.core.builder.api.DefaultApi20;
import com.github.scribejava.core.exceptions.OAuthException;
import com.github.scribejava.core.httpclient.jdk.JDKHttpClientConfig;
import com.github.scribejava.core.model.OAuth2AccessToken;
import com.github.scribejava.core.model.OAuth2AccessTokenErrorResponse;
import com.github.scribejava.core.model.OAuthRequest;
import com.github.scribejava.core.model.Response;
import com.github.scribejava.core.model.Verb;
import com.github.scribejava.core.oauth.OAuth20Service;
import com.github.scribejava.core.oauth2.clientauthentication.ClientAuthentication;
import com.github.scribejava.core.oauth2.clientauthentication.HttpBasicAuthenticationScheme;
import com.github.scribejava.core.oauth2.clientauthentication.RequestBodyAuthenticationScheme;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/** Drives the OAuth20Service of ScribeJava, over its default HTTP client. */
public final class ScribeJavaAdapter extends Adapter {
    // Classes of errors about arguments, before anything is sent. A response without a body raises the same class.
    private static final List<String> REFUSALS = List.of(
            "The refreshToken cannot be null or empty", "Cannot encode null object", "Cannot append to null URL");
    private static final SSLSocketFactory PLATFORM = HttpsURLConnection.getDefaultSSLSocketFactory();

    private Map<String, Object> config;
    private OAuth20Service service;
    private OAuth2AccessToken held;
    private String refreshToken;

    public static void main(String[] arguments) throws Exception {
        new ScribeJavaAdapter().serve();
    }

    @Override
    public Map<String, Object> hello() {
        return map(
                "client", map(
                        "name", "ScribeJava",
                        "version", version("com.github.scribejava", "scribejava-core"),
                        "language", "java",
                        "runtime", "java " + System.getProperty("java.version") + ", HttpURLConnection",
                        "url", "https://github.com/scribejava/scribejava"),
                "grants", List.of("refresh_token", "client_credentials", "password"),
                "token_endpoint_auth_methods", List.of("client_secret_basic", "client_secret_post", "none"),
                "parameters", List.of("scope", "ca_file", "timeout"),
                "capabilities", List.of("refresh", "resource", "parallel", "tls", "describe"));
    }

    @Override
    public void configure(Map<String, Object> given) throws Exception {
        config = given;
        held = null;
        refreshToken = text("refresh_token");
        // The library's default HTTP client has no setting for this: it uses the platform's trusted certificates.
        HttpsURLConnection.setDefaultSSLSocketFactory(
                text("ca_file") == null ? PLATFORM : trusting(text("ca_file")).getSocketFactory());
        String grant = text("grant_type");
        if (!List.of("refresh_token", "client_credentials", "password").contains(String.valueOf(grant)))
            throw new Failure("config", "ScribeJava has no back-channel grant " + grant);
        try {
            ServiceBuilderOAuth20 builder = new ServiceBuilder(text("client_id"));
            if (text("client_secret") != null) builder.apiSecret(text("client_secret"));
            if (text("scope") != null) builder.defaultScope(text("scope"));
            if (given.get("timeout") instanceof Number seconds) {
                int milliseconds = (int) (seconds.doubleValue() * 1000);
                builder.httpClientConfig(
                        new JDKHttpClientConfig().withConnectTimeout(milliseconds).withReadTimeout(milliseconds));
            }
            service = builder.build(new Api(text("token_url"), text("token_endpoint_auth_method")));
        } catch (IllegalArgumentException refused) {
            throw new Failure("config", refused);
        }
    }

    @Override
    public Map<String, Object> getToken() throws Exception {
        switch (text("grant_type")) {
            case "refresh_token":
                return refreshed();
            case "password":
                return exposed(service.getAccessTokenPasswordGrant(text("username"), text("password")));
            default:
                return exposed(service.getAccessTokenClientCredentialsGrant());
        }
    }

    @Override
    public Map<String, Object> refresh() throws Exception {
        if (refreshToken == null) throw new Failure("config", "there is no refresh token");
        return refreshed();
    }

    @Override
    public Map<String, Object> request(String method, String url, Map<String, String> headers, String body)
            throws Exception {
        if (held == null) getToken();
        OAuthRequest request = new OAuthRequest(Verb.valueOf(method), url);
        headers.forEach(request::addHeader);
        if (body != null) request.setPayload(body);
        service.signRequest(held, request);
        try (Response answer = service.execute(request)) {
            Map<String, List<String>> fields = new HashMap<>();
            answer.getHeaders().forEach((name, value) -> fields.put(name, List.of(value)));
            return response(answer.getCode(), fields, answer.getBody());
        }
    }

    @Override
    public List<String> describe() {
        return List.of(String.valueOf(service), String.valueOf(held));
    }

    @Override
    public String kind(Throwable thrown) {
        // Its enum has no member for an unknown code or for an invalid document.
        if (thrown instanceof OAuth2AccessTokenErrorResponse response)
            return response.getError() == null ? "protocol" : "oauth";
        if (thrown instanceof OAuthException)
            return thrown.getCause() instanceof UnknownHostException ? "transport" : "protocol";
        if (thrown instanceof SocketTimeoutException) return "timeout";
        if (thrown instanceof MalformedURLException) return "config";
        // The extractor declares IOException; Jackson's exception is a subclass.
        if (thrown instanceof JsonProcessingException) return "protocol";
        if (thrown instanceof IOException) return "transport";
        if (thrown instanceof IllegalArgumentException && REFUSALS.contains(String.valueOf(thrown.getMessage())))
            return "config";
        return "unexpected";
    }

    @Override
    public Map<String, Object> details(Throwable thrown) {
        if (!(thrown instanceof OAuth2AccessTokenErrorResponse response)) return Map.of();
        return map(
                "oauth_error", response.getError() == null ? null : response.getError().getErrorString(),
                "oauth_error_description", response.getErrorDescription(),
                "oauth_error_uri", response.getErrorUri() == null ? null : response.getErrorUri().toString(),
                "http_status", response.getResponse().getCode());
    }

    private Map<String, Object> refreshed() throws Exception {
        return exposed(service.refreshAccessToken(refreshToken));
    }

    // The service stores nothing. The application stores what the next call needs, and an empty refresh token replaces none.
    private Map<String, Object> exposed(OAuth2AccessToken token) {
        held = token;
        if (token.getRefreshToken() != null && !token.getRefreshToken().isEmpty()) refreshToken = token.getRefreshToken();
        return token(
                "access_token", token.getAccessToken(),
                "token_type", token.getTokenType(),
                "expires_in", token.getExpiresIn(),
                "refresh_token", token.getRefreshToken(),
                "scope", token.getScope());
    }

    private String text(String key) {
        return (String) config.get(key);
    }

    /** A provider, defined as in the library's documentation. */
    private static final class Api extends DefaultApi20 {
        private final String tokenUrl;
        private final String method;

        Api(String tokenUrl, String method) {
            this.tokenUrl = tokenUrl;
            this.method = method;
        }

        @Override
        public String getAccessTokenEndpoint() {
            return tokenUrl;
        }

        @Override
        protected String getAuthorizationBaseUrl() {
            throw new UnsupportedOperationException("there is no front channel here");
        }

        @Override
        public ClientAuthentication getClientAuthentication() {
            if (method == null) return super.getClientAuthentication();
            return method.equals("client_secret_basic")
                    ? HttpBasicAuthenticationScheme.instance()
                    : RequestBodyAuthenticationScheme.instance();
        }
    }
}
