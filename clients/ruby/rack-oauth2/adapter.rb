# frozen_string_literal: true

# Adapter for the client of rack-oauth2: Rack::OAuth2::Client#access_token! and the access token's own HTTP client.
require "rack/oauth2"
require_relative "../../../harness/oauth_gauntlet/starters/ruby/adapter_loop"

class RackOAuth2Adapter < Adapter
  # Its client has no constants for authentication methods: any unknown method sends the credentials in the body.
  # A client assertion is signed with the private key if the client has one, and otherwise with the secret.
  METHODS = {
    "client_secret_basic" => :basic, "client_secret_post" => :body, "client_secret_jwt" => :jwt_bearer,
    "private_key_jwt" => :jwt_bearer, "none" => :body
  }.freeze

  def hello
    {
      client: {
        name: "rack-oauth2", version: "#{Rack::OAuth2::VERSION} of Debian 12", language: "ruby",
        runtime: "ruby #{RUBY_VERSION}, httpclient #{HTTPClient::VERSION}", url: "https://github.com/nov/rack-oauth2",
      },
      # For the JWT grant it accepts only an assertion that the application has made.
      grants: %w[refresh_token client_credentials password],
      token_endpoint_auth_methods: METHODS.keys,
      parameters: %w[scope additional_payload ca_file timeout],
      capabilities: %w[refresh resource parallel tls proxy describe],
    }
  end

  def configure(config)
    @config = config
    @held = @refresh_token = nil
    # The library stores no token. The application stores the refresh token, and an empty one replaces none.
    @refresh_token = config["refresh_token"] unless grant?
    configure_http(config)
    @client = client
  rescue AttrRequired::AttrMissing, OpenSSL::PKey::PKeyError => e
    raise Failure.new("config", e)
  end

  def get_token
    @client = client
    exposed(@client.access_token!(*authentication, parameters))
  end

  def refresh
    raise Failure.new("config", "there is no refresh token") unless @refresh_token

    @client.refresh_token = @refresh_token
    # The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
    exposed(@client.access_token!(*authentication, grant? ? parameters.except(:scope) : parameters))
  end

  def request(method, url, headers, body)
    get_token unless @held
    response = @held.httpclient.request(method, url, nil, body, headers)
    { status: response.status, headers: response.headers.to_a.map { |name, value| [name, value.to_s] }, body: response.body }
  end

  def describe = [@client.to_s, @client.inspect, @held.to_s, @held.inspect]

  def kind(exception)
    case exception
    # The library invents this code for a response that is not JSON.
    when Rack::OAuth2::Client::Error then exception.response[:error] == "Unknown" ? "transport" : "oauth"
    when HTTPClient::TimeoutError then "timeout"
    when HTTPClient::BadResponseError, HTTPClient::KeepAliveDisconnected, SocketError, SystemCallError,
         OpenSSL::SSL::SSLError then "transport"
    when AttrRequired::AttrMissing then "protocol"
    when ::URI::InvalidURIError then "config"
    when RuntimeError then { "Unknown Token Type" => "protocol", "No Host Info" => "config" }[exception.message] || "unexpected"
    else "unexpected"
    end
  end

  def details(exception)
    return {} unless exception.is_a?(Rack::OAuth2::Client::Error)

    said = exception.response.slice(:error, :error_description, :error_uri).select { |_, value| value.is_a?(String) }
    said = {} if kind(exception) == "transport"
    {
      oauth_error: said[:error], oauth_error_description: said[:error_description], oauth_error_uri: said[:error_uri],
      http_status: exception.status,
    }
  end

  private

  def grant? = %w[client_credentials password].include?(@config["grant_type"])

  # A client has one grant at a time, and cannot return to the grant that it starts with.
  def client
    client = Rack::OAuth2::Client.new({
      identifier: @config["client_id"], secret: @config["client_secret"], token_endpoint: @config["token_url"], **key
    }.compact)
    case @config["grant_type"]
    when "client_credentials" then nil # what a new client does
    when "password" then client.resource_owner_credentials = @config.values_at("username", "password")
    else client.refresh_token = @refresh_token
    end
    client
  end

  def key
    return {} unless @config["token_endpoint_auth_method"] == "private_key_jwt" && @config["private_key"]

    { private_key: OpenSSL::PKey.read(@config["private_key"]) }
  end

  # The library makes an HTTP client for each request, which the application configures.
  def configure_http(config)
    Rack::OAuth2.reset_http_config!
    Rack::OAuth2.http_config do |http|
      http.ssl_config.add_trust_ca(config["ca_file"]) if config["ca_file"]
      %i[connect_timeout= send_timeout= receive_timeout=].each { |limit| http.send(limit, config["timeout"]) } if config["timeout"]
    end
  end

  def authentication = [METHODS[@config["token_endpoint_auth_method"]]].compact

  def parameters = { scope: @config["scope"] }.compact.merge((@config["additional_payload"] || {}).transform_keys(&:to_sym))

  def exposed(given)
    @held = given
    @refresh_token = given.refresh_token unless given.refresh_token.to_s.empty?
    members = { **given.raw_attributes, token_type: given.token_type.to_s, expires_in: given.expires_in, scope: given.scope }
    token(members.merge(access_token: given.access_token, refresh_token: given.refresh_token))
  end
end

AdapterLoop.serve(RackOAuth2Adapter.new)
