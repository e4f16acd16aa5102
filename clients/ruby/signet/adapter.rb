# frozen_string_literal: true

# Adapter for Signet: Signet::OAuth2::Client with its four ways to get a token.
require "signet"
require "signet/oauth_2/client"
require "signet/version"
require_relative "../../../harness/oauth_gauntlet/starters/ruby/adapter_loop"

class SignetAdapter < Adapter
  JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"

  def hello
    {
      client: {
        name: "signet", version: "#{Signet::VERSION} of Debian 12", language: "ruby",
        runtime: "ruby #{RUBY_VERSION}, faraday #{Faraday::VERSION}", url: "https://github.com/googleapis/signet",
      },
      grants: ["refresh_token", "client_credentials", "password", JWT_BEARER],
      token_endpoint_auth_methods: %w[client_secret_basic client_secret_post],
      parameters: %w[scope additional_payload ca_file timeout],
      # No parallel: the object is also its token, and the documentation does not allow threads to share it.
      capabilities: %w[refresh resource process_clock tls proxy describe],
    }
  end

  def configure(config)
    @config = config
    @client = Signet::OAuth2::Client.new({
      token_credential_uri: config["token_url"], client_id: config["client_id"], client_secret: config["client_secret"],
      scope: config["scope"], **credentials(config)
    }.compact)
    # It selects the other grants by the attributes that are set.
    @client.grant_type = "client_credentials" if config["grant_type"] == "client_credentials"
    @connection = Faraday.new(ssl: { ca_file: config["ca_file"] }.compact, request: { timeout: config["timeout"] }.compact)
  end

  def get_token = exposed(@client.fetch_access_token!(**options, **scope))

  def refresh
    raise Failure.new("config", "there is no refresh token") unless @client.refresh_token

    # The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
    exposed(@client.refresh!(**options, **(@config["refresh_token"] ? scope : {})))
  end

  def request(method, url, headers, body)
    get_token unless @client.access_token
    asked = { method: method, uri: url, headers: headers, body: body, connection: @connection }.compact
    response = @client.fetch_protected_resource(asked)
    { status: response.status, headers: response.headers.to_a, body: response.body }
  end

  def describe = [@client.to_s, @client.inspect, @client.to_json]

  def kind(exception)
    case exception
    when Signet::AuthorizationError then "oauth"
    when Faraday::TimeoutError then "timeout"
    when Signet::RemoteServerError, Signet::UnexpectedStatusError, Faraday::Error then "transport"
    when Signet::ParseError, MultiJson::ParseError then "protocol"
    # All errors that it detects are ArgumentError.
    when ArgumentError then exception.message.start_with?("Invalid content type") ? "protocol" : "config"
    when Addressable::URI::InvalidURIError, OpenSSL::PKey::PKeyError then "config"
    else "unexpected"
    end
  end

  def details(exception)
    exception.is_a?(Signet::AuthorizationError) ? { http_status: exception.response&.status } : {}
  end

  private

  def credentials(config)
    case config["grant_type"]
    when "password" then { username: config["username"], password: config["password"] }
    when "client_credentials" then {}
    when JWT_BEARER
      key = config["private_key"] && OpenSSL::PKey::RSA.new(config["private_key"], config["private_key_password"] || "")
      { issuer: config["jwt_issuer"], sub: config["jwt_subject"], audience: config["jwt_audience"], signing_key: key }
    else { refresh_token: config["refresh_token"] }
    end
  end

  def options
    {
      connection: @connection, additional_parameters: @config["additional_payload"] || {},
      use_basic_auth: @config["token_endpoint_auth_method"] == "client_secret_basic"
    }
  end

  # With the JWT grant the library sends the scope as a claim.
  def scope = @config["grant_type"] == JWT_BEARER ? {} : { scope: @config["scope"] }.compact

  # The call returns the server's response, and the client stores the members that it knows.
  def exposed(answered)
    token((answered || {}).merge(
      "access_token" => @client.access_token, "refresh_token" => @client.refresh_token,
      "expires_in" => @client.expires_in, "expires_at" => @client.expires_at&.to_f
    ))
  end
end

AdapterLoop.serve(SignetAdapter.new)
