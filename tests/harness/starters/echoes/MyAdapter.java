import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An adapter whose client answers an authorised request with what it was asked. The configured client_id selects the members
 * of its token.
 */
public final class MyAdapter extends Adapter {
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException();
        }
    }

    private String behaviour;
    private final CyclicBarrier three = new CyclicBarrier(3);

    public static void main(String[] arguments) throws Exception {
        new MyAdapter().serve();
    }

    @Override
    public Map<String, Object> hello() {
        return map(
                "client", map("name", "echoes"),
                "grants", List.of(),
                "capabilities", List.of("resource", "parallel", "cancel"));
    }

    @Override
    public void configure(Map<String, Object> config) {
        behaviour = (String) config.get("client_id");
    }

    @Override
    public Map<String, Object> getToken() {
        if (behaviour.equals("odd error")) throw new IllegalStateException((String) null);
        if (behaviour.equals("unreadable error")) throw new Unreadable();
        if (behaviour.equals("odd details"))
            throw new Failure("oauth", new Unreadable())
                    .with("oauth_error", List.of("a"))
                    .with("http_status", 400.5)
                    .with("retry_after", Double.NaN)
                    .with("message", List.of(5));
        if (behaviour.equals("numbers"))
            return token(
                    "access_token", "one",
                    "expires_in", new AtomicLong(3600),
                    "expires_at", new BigDecimal("1800.5"),
                    "scope", "a");
        return token(
                "access_token", "one",
                "expires_in", List.of("soon"),
                "refresh_token", 5,
                "scope", List.of("secret"),
                "token_type", "Bearer");
    }

    @Override
    public Map<String, Object> request(String method, String url, Map<String, String> headers, String body)
            throws Exception {
        if (url.equals("meets")) three.await();
        if (url.equals("waits")) Thread.sleep(Long.MAX_VALUE);
        if (url.equals("fails")) throw new NoSuchElementException(body);
        List<Object> pairs = new java.util.ArrayList<>();
        headers.forEach((name, value) -> pairs.add(List.of(name, value)));
        return map("status", 200, "headers", pairs, "body", method + " " + url + " " + body);
    }

    @Override
    public String kind(Throwable thrown) {
        if (thrown instanceof InterruptedException) return "cancelled";
        return thrown instanceof NoSuchElementException ? "protocol" : "unexpected";
    }
}
