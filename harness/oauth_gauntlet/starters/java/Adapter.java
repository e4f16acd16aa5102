import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The adapter protocol for Java clients: requests on stdin, answers on stdout. Copy it next to your adapter; it needs only
 * Java 17.
 *
 * <p>Extend it, implement what your client can do, declare that in {@link #hello}, and call {@link #serve} in main. Do not
 * catch the client's exceptions: {@link #kind} returns the kind of the documented ones, and "unexpected" for all others.
 */
public abstract class Adapter {
    /** An error of kind {@code kind}, for what the client reports without an exception, or when its class is not enough. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String kind;
        private final transient Map<String, Object> details = new LinkedHashMap<>();

        public Failure(String kind, String message) {
            super(message);
            this.kind = kind;
        }

        /** For an exception of the client: the error has its message and its class. */
        public Failure(String kind, Throwable cause) {
            super(null, cause);
            this.kind = kind;
        }

        /** Adds further members of the error: oauth_error, http_status, ... */
        public Failure with(String name, Object value) {
            details.put(name, value);
            return this;
        }
    }

    /** Returns the members client, grants, token_endpoint_auth_methods, parameters and capabilities. */
    public abstract Map<String, Object> hello();

    /** Discards all state and creates a new client; sends nothing. */
    public abstract void configure(Map<String, Object> config) throws Exception;

    /** Returns the client's token, converted by {@link #token}. */
    public abstract Map<String, Object> getToken() throws Exception;

    // Optional; each has its own capability:

    /** Exchanges the refresh token; returns the new token, converted by {@link #token}. */
    public Map<String, Object> refresh() throws Exception {
        throw unknown("refresh");
    }

    /** Sends an authorised request; returns its response, converted by {@link #response}. */
    public Map<String, Object> request(String method, String url, Map<String, String> headers, String body)
            throws Exception {
        throw unknown("request");
    }

    /** Moves the clock that the client takes as a parameter. */
    public void advanceClock(double seconds) throws Exception {
        throw unknown("advance_clock");
    }

    /** Returns the client's own string forms of itself and of its token. */
    public List<String> describe() throws Exception {
        throw unknown("describe");
    }

    /** Returns the kind of an exception that the client documents; "unexpected" for the others. */
    public String kind(Throwable thrown) {
        return "unexpected";
    }

    /** Returns further members of the error from the exception: oauth_error, http_status, ... */
    public Map<String, Object> details(Throwable thrown) {
        return Map.of();
    }

    /** Returns a map that may contain null, unlike Map.of: name, value, name, value, ... */
    public static Map<String, Object> map(Object... pairs) {
        Map<String, Object> made = new LinkedHashMap<>();
        for (int place = 0; place < pairs.length; place += 2) made.put((String) pairs[place], pairs[place + 1]);
        return made;
    }

    /**
     * Returns the protocol's token for the members that the client returns to its application: name, value, ... Numbers may
     * have any of Java's types. A member of a type other than the protocol's becomes null, with a note on stderr, and goes into
     * extra, unchanged.
     */
    public static Map<String, Object> token(Object... pairs) {
        Map<String, Object> rest = map(pairs);
        Map<String, Object> token = map("access_token", rest.remove("access_token"));
        for (String name : List.of("token_type", "expires_in", "expires_at", "refresh_token", "scope")) {
            Object value = rest.get(name);
            boolean time = name.startsWith("expires_");
            boolean fits = time ? Json.isNumber(value) : value instanceof String;
            token.put(name, fits ? value : null);
            if (fits || value == null) rest.remove(name);
            // The type only: the value may be a token.
            else System.err.printf(
                    "Adapter: %s is a %s, not %s, and is reported as null%n",
                    name, value.getClass().getName(), time ? "a finite number" : "a text");
        }
        token.put("extra", rest);
        return token;
    }

    /** Returns the protocol's answer to an authorised request. */
    public static Map<String, Object> response(int status, Map<String, ? extends List<?>> headers, String body) {
        List<Object> pairs = new ArrayList<>();
        // HttpURLConnection returns the status line as a header field without a name.
        headers.forEach((name, values) -> {
            if (name != null) for (Object value : values) pairs.add(List.of(name, String.valueOf(value)));
        });
        return map("status", status, "headers", pairs, "body", body == null ? "" : body);
    }

    /** Returns the version of a library that was built by Maven, from its jar. */
    public static String version(String group, String artifact) {
        String place = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        try (InputStream stream = Adapter.class.getResourceAsStream(place)) {
            Properties properties = new Properties();
            if (stream != null) properties.load(stream);
            return properties.getProperty("version", "");
        } catch (IOException error) {
            return "";
        }
    }

    /** Returns a context that trusts the certificate authorities in a PEM file, and no others. */
    public static SSLContext trusting(String caFile) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        try (InputStream stream = new FileInputStream(caFile)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(stream))
                trusted.setCertificateEntry("authority" + trusted.size(), each);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** The exit code that says that the adapter itself broke, and not the client. */
    private static final int ADAPTER_BROKE = 70;

    private boolean configured;

    /**
     * Answers requests until close or the end of stdin. The harness may ask for further clients in this process (capability
     * instances): each is another object of your class, by its constructor without parameters. The loop declares it, and
     * time_zone.
     */
    public final void serve() {
        try {
            answerAll();
        } catch (Throwable broken) {
            broken.printStackTrace();
            System.exit(ADAPTER_BROKE);
        }
        // End although the client may have left threads running.
        System.exit(0);
    }

    private void answerAll() throws IOException {
        Map<Object, Adapter> instances = new HashMap<>(Map.of("a", this));
        // stdout is for answers only: what the client prints goes to stderr.
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            Map<String, Object> request = object(Json.read(line));
            Map<String, Object> args = object(request.getOrDefault("args", Map.of()));
            Map<String, Object> answer = map("id", request.get("id"));
            Adapter client = instances.computeIfAbsent(args.getOrDefault("instance", "a"), name -> another());
            answer.putAll(client.answer((String) request.get("op"), args));
            answers.println(encoded(answer));
            answers.flush();
            if ("close".equals(request.get("op"))) break;
        }
    }

    private Adapter another() {
        try {
            Constructor<? extends Adapter> constructor = getClass().getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(getClass() + " needs a constructor without parameters", error);
        }
    }

    private static String encoded(Map<String, Object> answer) {
        try {
            return Json.write(answer);
        } catch (StackOverflowError tooDeep) {
            // What is nested too deeply to be encoded again is left out: the client has accepted it, and only that matters.
            object(object(answer.get("ok")).get("token")).put("extra", Map.of());
            return Json.write(answer);
        }
    }

    // An Error is an answer too: a client may exhaust the stack while it reads what a server sent.
    private Map<String, Object> answer(String op, Map<String, Object> args) {
        try {
            return map("ok", perform(op, args));
        } catch (Throwable thrown) {
            return map("error", error(thrown));
        }
    }

    private Object perform(String op, Map<String, Object> args) throws Exception {
        switch (op) {
            case "close":
                return map();
            case "hello":
                Map<String, Object> hello = map("protocol", 1, "catches", true);
                hello.putAll(hello());
                List<Object> capabilities = new ArrayList<>((List<?>) hello.getOrDefault("capabilities", List.of()));
                capabilities.addAll(List.of("instances", "time_zone"));
                hello.put("capabilities", capabilities);
                return hello;
            case "configure":
                configured = false;
                configure(object(args.get("config")));
                configured = true;
                return map();
            case "now":
                // The short sleep shows that sleeping works while the clock is moved from outside.
                Thread.sleep(1);
                int offset = java.util.TimeZone.getDefault().getOffset(System.currentTimeMillis()) / 1000;
                return map("now", System.currentTimeMillis() / 1000.0, "utc_offset", offset);
            case "get_token", "get_tokens", "refresh", "request", "requests", "advance_clock", "describe":
                if (!configured) throw new Failure("config", "there is no client: configure has not succeeded");
                return performConfigured(op, args);
            default:
                throw unknown(op);
        }
    }

    private Object performConfigured(String op, Map<String, Object> args) throws Exception {
        switch (op) {
            case "get_token":
                return map("token", getToken());
            case "get_tokens":
                return together(
                        Collections.nCopies(number(args, "count").intValue(), () -> map("token", getToken())), args);
            case "refresh":
                return map("token", refresh());
            case "request":
                return requested(args);
            case "requests":
                List<Call> calls = new ArrayList<>();
                for (Object each : (List<?>) args.get("requests")) calls.add(() -> map("response", requested(object(each))));
                return together(calls, args);
            case "advance_clock":
                advanceClock(number(args, "seconds").doubleValue());
                return map();
            default:
                return map("texts", describe());
        }
    }

    private static final long LEAD_MS = 100;

    /** One call of an application; returns the answer to it. */
    @FunctionalInterface
    private interface Call {
        Map<String, Object> answer() throws Exception;
    }

    // Makes all calls at the same time, on a thread each. The first `cancel` calls start before the others, and are interrupted
    // after the others have started: this is how Java cancels a call that blocks.
    private Map<String, Object> together(List<Call> calls, Map<String, Object> args) throws InterruptedException {
        int cancel = number(args, "cancel").intValue();
        Object[] results = new Object[calls.size()];
        List<Thread> threads = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        for (int caller = 0; caller < results.length; caller++) {
            int place = caller;
            threads.add(new Thread(() -> {
                try {
                    if (place >= cancel) start.await();
                    results[place] = calls.get(place).answer();
                } catch (Throwable thrown) {
                    results[place] = map("error", error(thrown));
                }
            }));
        }
        for (Thread thread : threads) thread.start();
        if (cancel > 0) Thread.sleep(LEAD_MS);
        start.countDown();
        if (cancel > 0) Thread.sleep(LEAD_MS);
        for (Thread thread : threads.subList(0, cancel)) thread.interrupt();
        for (Thread thread : threads) thread.join();
        return map("results", List.of(results));
    }

    private Map<String, Object> requested(Map<String, Object> asked) throws Exception {
        Map<String, String> headers = new LinkedHashMap<>();
        object(asked.get("headers")).forEach((name, value) -> headers.put(name, (String) value));
        return request((String) asked.get("method"), (String) asked.get("url"), headers, (String) asked.get("body"));
    }

    private Map<String, Object> error(Throwable thrown) {
        Failure failure = thrown instanceof Failure ? (Failure) thrown : null;
        Throwable reported = failure != null && failure.getCause() != null ? failure.getCause() : thrown;
        String kind = failure != null ? failure.kind : kind(reported);
        if (kind.equals("unexpected")) sayWhere(reported);
        Map<String, Object> error = new LinkedHashMap<>();
        (failure != null ? failure.details : details(reported))
                .forEach((name, value) -> error.put(name, fitting(name, value)));
        error.putAll(map(
                "kind", kind, "message", message(reported), "type", reported == failure ? "" : reported.getClass().getName()));
        return error;
    }

    // Returns the message of an exception. A client may make it from what a server sent, and fail at that.
    private static String message(Throwable thrown) {
        try {
            return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        } catch (RuntimeException broken) {
            return "the message of the exception cannot be read: " + broken.getClass().getName();
        }
    }

    // Writes to stderr where an exception was thrown, without its message, which may contain secrets.
    private static void sayWhere(Throwable thrown) {
        StringBuilder text = new StringBuilder("Adapter: " + thrown.getClass().getName() + ", thrown here (the last call is first):");
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int place = 0; place < Math.min(12, frames.length); place++) text.append("\n\tat ").append(frames[place]);
        System.err.println(text);
    }

    // Returns a member of an error, or null if it has another type than the protocol's; stderr names it then.
    private static Object fitting(String name, Object value) {
        boolean fits = switch (name) {
            case "http_status" -> Json.isNumber(value) && ((Number) value).doubleValue() % 1 == 0;
            case "retry_after" -> Json.isNumber(value);
            default -> value instanceof String;
        };
        if (value == null || fits) return value;
        System.err.println("Adapter: " + name + " is a " + value.getClass().getName() + ", and is reported as null");
        return null;
    }

    private static Failure unknown(String op) {
        return new Failure("unexpected", "unknown operation '" + op + "'");
    }

    private static Number number(Map<String, Object> args, String name) {
        return (Number) args.getOrDefault(name, 0L);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }
}

/** JSON (RFC 8259). Java has no JSON parser, and a library here could change the version that the client gets. */
final class Json {
    private final String text;
    private int place;

    private Json(String text) {
        this.text = text;
    }

    /** Returns Map, List, String, Long, BigInteger, Double, Boolean or null. */
    static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value();
        if (json.peek() != 0) throw json.wrong("the end");
        return value;
    }

    /** Returns the value as JSON in ASCII. A value of any other type is written as the string of its text. */
    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private Object value() {
        switch (peek()) {
            case '{':
                return object();
            case '[':
                return array();
            case '"':
                return string();
            case 't':
                return word("true", true);
            case 'f':
                return word("false", false);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        take('{');
        if (peek() != '}') {
            do {
                if (peek() != '"') throw wrong("a name");
                String name = string();
                peek();
                take(':');
                members.put(name, value());
            } while (another('}'));
        }
        take('}');
        return members;
    }

    private List<Object> array() {
        List<Object> items = new ArrayList<>();
        take('[');
        if (peek() != ']') {
            do items.add(value());
            while (another(']'));
        }
        take(']');
        return items;
    }

    private boolean another(char end) {
        if (peek() == end) return false;
        take(',');
        return true;
    }

    private String string() {
        StringBuilder made = new StringBuilder();
        take('"');
        while (text.charAt(place) != '"') {
            char next = text.charAt(place++);
            if (next != '\\') {
                made.append(next);
                continue;
            }
            char escaped = text.charAt(place++);
            int known = "bfnrt".indexOf(escaped);
            if (escaped == 'u') {
                made.append((char) Integer.parseInt(text.substring(place, place + 4), 16));
                place += 4;
            } else {
                made.append(known < 0 ? escaped : "\b\f\n\r\t".charAt(known));
            }
        }
        take('"');
        return made.toString();
    }

    private Object number() {
        int start = place;
        while (place < text.length() && "+-.0123456789eE".indexOf(text.charAt(place)) >= 0) place++;
        String digits = text.substring(start, place);
        if (digits.isEmpty()) throw wrong("a value");
        if (!digits.matches("-?[0-9]+")) return Double.valueOf(digits);
        BigInteger whole = new BigInteger(digits);
        return whole.bitLength() < 64 ? (Object) whole.longValue() : whole;
    }

    private Object word(String word, Object meaning) {
        if (!text.startsWith(word, place)) throw wrong(word);
        place += word.length();
        return meaning;
    }

    // Skips white space, and returns the next character; 0 at the end.
    private char peek() {
        while (place < text.length() && " \t\r\n".indexOf(text.charAt(place)) >= 0) place++;
        return place < text.length() ? text.charAt(place) : 0;
    }

    private void take(char expected) {
        if (place >= text.length() || text.charAt(place) != expected) throw wrong("'" + expected + "'");
        place++;
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("not JSON: expected " + expected + " at character " + place);
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> members) {
            String separator = "{";
            for (Map.Entry<?, ?> member : members.entrySet()) {
                write(String.valueOf(member.getKey()), out.append(separator));
                write(member.getValue(), out.append(':'));
                separator = ",";
            }
            out.append(members.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> items) {
            String separator = "[";
            for (Object item : items) {
                write(item, out.append(separator));
                separator = ",";
            }
            out.append(separator.equals("[") ? "[]" : "]");
        } else if (value == null || value instanceof Boolean || isNumber(value)) {
            out.append(value);
        } else {
            quote(value.toString(), out);
        }
    }

    /** Returns whether the value is a number of JSON: not NaN, nor infinity. */
    static boolean isNumber(Object value) {
        return value instanceof Number number && (number instanceof BigInteger || Double.isFinite(number.doubleValue()));
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int place = 0; place < text.length(); place++) {
            char next = text.charAt(place);
            if (next == '"' || next == '\\') out.append('\\').append(next);
            else if (next >= ' ' && next < 127) out.append(next);
            else out.append(String.format("\\u%04x", (int) next));
        }
        out.append('"');
    }
}
