# frozen_string_literal: true

# The adapter protocol for Ruby clients: requests on stdin, answers on stdout. Keep it next to your adapter.
#
# Subclass Adapter, define what the client can do, and call AdapterLoop.serve(YourAdapter.new) at the end of your program.
require "json"

# An error of kind `kind`, with the text and class of `cause`, an exception of the client; or with a text only, for what is
# reported without an exception. `details` are further members of the error: `oauth_error:`, `http_status:`, ...
class Failure < StandardError
  attr_reader :kind, :native, :details

  def initialize(kind, cause, **details)
    super(cause.is_a?(Exception) ? AdapterLoop.message(cause) : cause)
    @kind = kind
    @native = cause.is_a?(Exception) ? cause.class.name : ""
    @details = details
  end
end

# The operations of the protocol. Define what the client can do, and declare it in `hello`:
#
#     hello                                 # the members client, grants, token_endpoint_auth_methods, parameters, capabilities
#     configure(config)                     # discard all state and create a new client; send nothing
#     get_token                             # the client's token, converted by `token`
#     refresh                               # the same; this and the following have a capability each
#     request(method, url, headers, body)   # {status:, headers: [[name, value], ...], body:}
#     advance_clock(seconds)
#     describe                              # the client's own string forms
#
# The harness may ask for further clients in this process (capability instances): for each the loop calls `new` of your class
# without arguments. The loop declares it, and time_zone.
#
# Do not catch the client's exceptions: `kinds` maps the classes that the client documents to kinds. The first match counts;
# any other exception is answered with kind "unexpected".
class Adapter
  def kinds = {}

  # Returns the kind of an exception; override it if the table `kinds` is not enough.
  def kind(exception) = kinds.find { |native, _| exception.is_a?(native) }&.last || "unexpected"

  # Returns further members of the error from the exception.
  def details(_exception) = {}

  # Returns the protocol's token for the members that the client returns to its application. Numbers may have any of Ruby's
  # types. A member of a type other than the protocol's becomes nil, with a note on stderr, and goes into extra, unchanged.
  def token(members)
    # A client that returns nil in place of a token has handed out a token without members.
    members = members.to_h.transform_keys(&:to_s)
    made = FITTING.to_h { |name, (_, fitting)| [name, fitting.call(members[name])] }
    extra = members.except("access_token", *made.compact.keys).compact
    # The type only: the value may be a token.
    extra.slice(*FITTING.keys).each do |name, value|
      warn "adapter_loop: #{name} is a #{value.class}, not #{FITTING[name].first}, and is reported as null"
    end
    { "access_token" => members["access_token"], **made, "extra" => extra }
  end

  text = ["a text", ->(value) { value if value.is_a?(String) }]
  number = ["a finite number", lambda do |value|
    next unless value.is_a?(Numeric) && value.real? && value.finite?

    value.is_a?(Integer) ? value : value.to_f
  end]
  FITTING = {
    "token_type" => text, "expires_in" => number, "expires_at" => number, "refresh_token" => text, "scope" => text,
  }.freeze
end

# Answers the requests, one after the other.
class AdapterLoop
  ALWAYS = %w[hello configure now close].freeze
  WHEN_CONFIGURED = %w[get_token get_tokens refresh request requests advance_clock describe].freeze
  # Operations that make several calls of another one at the same time.
  OF_ONE_CALLER = { "get_tokens" => "get_token", "requests" => "request" }.freeze
  # The exceptions with which a process ends; every other one is answered.
  ENDS = [SystemExit, SignalException, NoMemoryError].freeze
  # The exit code that says that the adapter itself broke, and not the client.
  ADAPTER_BROKE = 70

  def self.serve(adapter)
    answer_all(adapter)
  rescue StandardError, ScriptError, SystemStackError => e
    warn("adapter_loop: #{e.full_message(highlight: false)}")
    exit!(ADAPTER_BROKE)
  end

  def self.answer_all(adapter)
    # stdout is for answers only: what the client prints goes to stderr.
    answers = $stdout.dup
    $stdout.reopen($stderr)
    loops = Hash.new { |all, name| all[name] = new(adapter.class.new) }.merge!("a" => new(adapter))
    $stdin.set_encoding(Encoding::UTF_8).each_line do |line|
      asked = JSON.parse(line)
      args = asked["args"] || {}
      loop = loops[args.fetch("instance", "a")]
      answers.write(encoded({ "id" => asked["id"], **loop.answer(asked["op"], args) }), "\n")
      answers.flush
      return if asked["op"] == "close"
    end
  end

  def self.encoded(answer)
    JSON.generate(plain(answer), max_nesting: 0)
  rescue SystemStackError
    # What is nested too deeply to be encoded again is left out: the client has accepted it, and only that matters.
    answer["ok"]["token"]["extra"] = {}
    JSON.generate(plain(answer), max_nesting: 0)
  end

  # Returns a value that JSON can represent: Unicode strings and finite numbers.
  def self.plain(value)
    case value
    when Hash then value.to_h { |name, member| [plain(name.to_s), plain(member)] }
    when Array then value.map { |member| plain(member) }
    when Float then value.finite? ? value : value.to_s
    when Integer, true, false, nil then value
    else (text = value.to_s).encoding == Encoding::UTF_8 ? text.scrub : text.dup.force_encoding(Encoding::UTF_8).scrub
    end
  end

  # Returns the message of an exception as text. A client may have taken it from what a server sent: it may be of any type.
  def self.message(exception)
    exception.message.to_s
  rescue StandardError => e
    "the message of the exception cannot be read: #{e.class}"
  end

  def initialize(adapter)
    @adapter = adapter
    @configured = false
  end

  def answer(operation, args)
    { "ok" => perform(operation, args) }
  rescue *ENDS
    raise
  rescue Exception => e # rubocop:disable Lint/RescueException
    { "error" => error(e) }
  end

  private

  def perform(operation, args)
    return send(:"answer_#{operation}", args) if ALWAYS.include?(operation)

    known = WHEN_CONFIGURED.include?(operation) && @adapter.respond_to?(OF_ONE_CALLER.fetch(operation, operation))
    raise Failure.new("unexpected", "unknown operation #{operation}") unless known
    raise Failure.new("config", "there is no client: configure has not succeeded") unless @configured

    send(:"answer_#{operation}", args)
  end

  def answer_hello(_args)
    hello = @adapter.hello.transform_keys(&:to_s)
    { "protocol" => 1, "catches" => true, **hello, "capabilities" => [*hello["capabilities"], "instances", "time_zone"] }
  end

  def answer_close(_args) = {}

  def answer_configure(args)
    @configured = false
    @adapter.configure(args["config"])
    @configured = true
    {}
  end

  def answer_now(_args)
    # The short sleep shows that sleeping works while the clock is moved from outside.
    sleep(0.001)
    { "now" => Time.now.to_f, "utc_offset" => Time.now.utc_offset }
  end

  def answer_get_token(_args) = { "token" => @adapter.get_token }

  def answer_get_tokens(args) = together(Array.new(args["count"])) { { "token" => @adapter.get_token } }

  # Calls the block for each argument, all at the same time.
  def together(arguments, &call)
    callers = arguments.map { |argument| Thread.new { one_of_many(argument, &call) } }
    { "results" => callers.map(&:value) }
  end

  def one_of_many(argument)
    yield argument
  rescue *ENDS
    raise
  rescue Exception => e # rubocop:disable Lint/RescueException
    { "error" => error(e) }
  end

  def answer_refresh(_args) = { "token" => @adapter.refresh }

  def answer_request(args) = @adapter.request(*args.values_at("method", "url", "headers", "body"))

  def answer_requests(args) = together(args["requests"]) { |each| { "response" => answer_request(each) } }

  def answer_advance_clock(args)
    @adapter.advance_clock(args["seconds"])
    {}
  end

  def answer_describe(_args) = { "texts" => @adapter.describe }

  def error(exception)
    return error_with(exception.kind, self.class.message(exception), exception.native, exception.details) if exception.is_a?(Failure)

    kind = @adapter.kind(exception)
    say_where(exception) if kind == "unexpected"
    error_with(kind, self.class.message(exception), exception.class.name, @adapter.details(exception))
  end

  # Writes to stderr where an exception was raised, without its message, which may contain secrets.
  def say_where(exception)
    warn("adapter_loop: #{exception.class}, raised here (the last call is first):", *exception.backtrace&.first(12))
  end

  TEXTS = %i[oauth_error oauth_error_description oauth_error_uri].to_h { |name| [name, [String]] }
  DETAILS = TEXTS.merge(http_status: [Integer], retry_after: [Integer, Float]).freeze

  # A member of another type than the protocol's becomes nil, and stderr names it.
  def error_with(kind, message, native, details)
    fitting = details.transform_keys(&:to_sym).to_h do |name, value|
      fits = value.nil? || !DETAILS.key?(name) || DETAILS[name].any? { |type| value.is_a?(type) }
      fits &&= value.finite? if value.is_a?(Float)
      warn("adapter_loop: #{name} is a #{value.class}, and is reported as null") unless fits
      [name, fits ? value : nil]
    end
    { **DETAILS.transform_values { nil }, **fitting, kind: kind, message: message, type: native }
  end
end
