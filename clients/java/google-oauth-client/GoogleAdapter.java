import com.google.api.client.auth.oauth2.ClientParametersAuthentication;
import com.google.api.client.auth.oauth2.TokenErrorResponse;
import com.google.api.client.auth.oauth2.TokenResponseException;
import com.google.api.client.http.BasicAuthentication;
import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpExecuteInterceptor;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
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

/** Shared by both adapters of google-oauth-client: HTTP, authentication, errors. */
abstract class GoogleAdapter extends Adapter {
    static final JsonFactory JSON = GsonFactory.getDefaultInstance();

    Map<String, Object> config;
    HttpTransport transport;

    Map<String, Object> client(String name) {
        return map(
                "name", name,
                "version", version("com.google.oauth-client", "google-oauth-client"),
                "language", "java",
                "runtime", "java " + System.getProperty("java.version") + ", google-http-client "
                        + version("com.google.http-client", "google-http-client") + ", HttpURLConnection, Gson",
                "url", "https://github.com/googleapis/google-oauth-java-client");
    }

    @Override
    public void configure(Map<String, Object> given) throws Exception {
        config = given;
        NetHttpTransport.Builder builder = new NetHttpTransport.Builder();
        if (text("ca_file") != null) {
            try (InputStream authorities = new FileInputStream(text("ca_file"))) {
                builder.trustCertificatesFromStream(authorities);
            }
        }
        transport = builder.build();
        try {
            build();
        } catch (IllegalArgumentException | NullPointerException refused) {
            // Documented: a URL that has a syntax error, an argument that must not be null.
            throw new Failure("config", refused);
        }
    }

    /** Builds the client; sends nothing. */
    abstract void build();

    HttpExecuteInterceptor authentication() {
        if (text("client_id") == null && text("client_secret") == null) return null;
        String method = text("token_endpoint_auth_method");
        if ("client_secret_post".equals(method))
            return new ClientParametersAuthentication(text("client_id"), text("client_secret"));
        // Documented: the secret is null if the client has none.
        if (text("client_secret") == null || "none".equals(method))
            return new ClientParametersAuthentication(text("client_id"), null);
        return new BasicAuthentication(text("client_id"), text("client_secret"));
    }

    /** Limits a request, if a limit is configured; otherwise the library's own limit of 20 s stays. */
    void limited(HttpRequest request) {
        if (!(config.get("timeout") instanceof Number seconds)) return;
        int milliseconds = (int) (seconds.doubleValue() * 1000);
        request.setConnectTimeout(milliseconds).setReadTimeout(milliseconds);
    }

    /** Makes an authorised request; the credential initializes it. */
    Map<String, Object> answer(
            HttpRequestInitializer credential, String method, String url, Map<String, String> headers, String body)
            throws IOException {
        Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        names.putAll(headers);
        ByteArrayContent content = body == null
                ? null
                : new ByteArrayContent(names.get("Content-Type"), body.getBytes(StandardCharsets.UTF_8));
        HttpRequest request = transport.createRequestFactory(credential).buildRequest(method, new GenericUrl(url), content);
        headers.forEach(request.getHeaders()::set);
        limited(request);
        HttpResponse answer = request.setThrowExceptionOnExecuteError(false).execute();
        Map<String, List<?>> fields = new LinkedHashMap<>();
        answer.getHeaders().forEach(
                (name, value) -> fields.put(name, value instanceof List<?> values ? values : List.of(value)));
        return response(answer.getStatusCode(), fields, answer.parseAsString());
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

    String text(String key) {
        return (String) config.get(key);
    }
}
