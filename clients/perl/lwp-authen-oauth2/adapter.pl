#!/usr/bin/env perl
# Adapter for LWP::Authen::OAuth2 with the adapter's own service provider: request_tokens, refresh_access_token, request.
use strict;
use warnings;

package LWPAuthenOAuth2Adapter;

use HTTP::Request ();
use JSON qw(encode_json);
use LWP::Authen::OAuth2 ();
use LWP::UserAgent ();

sub new { return bless {}, shift }

sub hello {
    return {
        client => {
            name => 'LWP::Authen::OAuth2', version => "$LWP::Authen::OAuth2::VERSION of Debian 12", language => 'perl',
            runtime => sprintf('perl %vd, LWP %s', $^V, $LWP::UserAgent::VERSION),
            url => 'https://metacpan.org/dist/LWP-Authen-OAuth2',
        },
        grants => [qw(refresh_token client_credentials password)],
        # Its only authentication method is the request body.
        token_endpoint_auth_methods => [qw(client_secret_post)],
        parameters => [qw(scope additional_payload ca_file timeout)],
        # It retries a rejected request only if the clock shows a different second than at the token's issue:
        # retry_401 would be random.
        capabilities => [qw(refresh auto_refresh resource process_clock tls)],
    };
}

sub configure {
    my ($self, $config) = @_;
    my $grant = $config->{grant_type} // 'refresh_token';
    my $more = $config->{additional_payload} // {};
    @$self{qw(config more)} = ($config, $more);
    $self->{client} = LWP::Authen::OAuth2->new(
        $self->_given(qw(client_id client_secret scope)),
        authorization_endpoint => 'https://server.invalid/authorize',
        (exists $config->{token_url} ? (token_endpoint => $config->{token_url}) : ()),
        # Strict mode checks for these.
        request_required_params => ['grant_type', 'client_id', 'client_secret', $grant eq 'password' ? qw(username password) : ()],
        request_optional_params => ['scope', keys %$more],
        request_default_params => {grant_type => $grant},
        refresh_optional_params => [$grant eq 'refresh_token' ? 'scope' : (), keys %$more],
        user_agent => $self->_user_agent,
        ($grant eq 'refresh_token' ? (token_string => _kept($config->{refresh_token})) : ()),
    );
    return;
}

sub get_token {
    my ($self) = @_;
    return $self->refresh if ($self->{config}{grant_type} // 'refresh_token') eq 'refresh_token';
    my @own = $self->{config}{grant_type} eq 'password' ? qw(username password) : ();
    $self->{client}->request_tokens($self->_given(@own), %{$self->{more}});
    return $self->_exposed;
}

sub refresh {
    my ($self) = @_;
    $self->{client}->refresh_access_token(%{$self->{more}});
    return $self->_exposed;
}

sub request {
    my ($self, $method, $url, $headers, $body) = @_;
    $self->get_token unless $self->{client}->access_token && length($self->{client}->access_token->to_ref->{access_token} // '');
    utf8::encode($body) if defined $body; # a request is made of octets
    my $response = $self->{client}->request(HTTP::Request->new($method, $url, [%$headers], $body));
    # LWP reports what happened before there was a response as one of its own, with status 500.
    die 'LWP: ' . $response->message . "\n" if ($response->header('Client-Warning') // '') eq 'Internal response';
    my @fields;
    $response->headers->scan(sub { push @fields, [map { "$_" } @_] });
    return {status => 0 + $response->code, headers => \@fields, body => $response->decoded_content // $response->content};
}

# It dies with texts: these are their beginnings.
sub kind {
    my ($self, $error) = @_;
    return 'oauth' if $error =~ /\AOAuth2 error: /;
    return $1 eq 'read timeout' ? 'timeout' : 'transport' if $error =~ /\ALWP: (.*)/;
    return 'config' if $error =~ /\A'\w+' is required|\AMissing required param|\ACannot try to refresh|\ACannot pass undef/;
    return 'protocol' if $error =~ /\AToken endpoint missing expected token_type|\AToken type '.*' not yet implemented/s;
    if ($error =~ /\AToken endpoint gave invalid JSON.*?^Status: (\d+) ?(.*?)$/ms) {
        return 'timeout' if $2 eq 'read timeout';
        return 'config' if $2 =~ /\AURL (?:missing|must be absolute)/;
        return $1 < 300 ? 'protocol' : 'transport';
    }
    return 'unexpected';
}

# The string in which an application stores its tokens, in the format of token_string().
sub _kept {
    my ($refresh_token) = @_;
    my %held = (_class => 'LWP::Authen::OAuth2::AccessToken::Bearer', token_type => 'Bearer');
    $held{refresh_token} = $refresh_token if defined $refresh_token;
    return encode_json(\%held);
}

sub _given {
    my ($self, @names) = @_;
    return map { exists $self->{config}{$_} ? ($_ => $self->{config}{$_}) : () } @names;
}

sub _user_agent {
    my ($self) = @_;
    my $config = $self->{config};
    return LWP::UserAgent->new(
        exists $config->{timeout} ? (timeout => $config->{timeout}) : (),
        exists $config->{ca_file} ? (ssl_opts => {SSL_ca_file => $config->{ca_file}}) : (),
    );
}

sub _exposed {
    my ($self) = @_;
    my $token = $self->{client}->access_token;
    my %members = %{$token->to_ref};
    delete $members{create_time};
    return AdapterLoop::token(%members, expires_at => $token->expires_time);
}

package main;

use FindBin;
use lib "$FindBin::Bin/../../../harness/oauth_gauntlet/starters/perl";
use AdapterLoop;

AdapterLoop::serve(LWPAuthenOAuth2Adapter->new);
