# An adapter whose client returns a token; the configured client_id selects its members.
use strict;
use warnings;

package Echoes;

my %tokens = (
    numbers => {expires_in => 3600, expires_at => '1800.5', scope => 'a'},
    odd => {expires_in => ['soon'], refresh_token => 5, scope => ['secret'], token_type => 'Bearer'},
);

my %errors = (
    'odd error' => {error => 'a', numbers => [5]},
    'unreadable error' => bless({}, 'Unreadable'),
    'odd details' => bless({}, 'OddDetails'),
);

sub kind { return ref $_[1] eq 'OddDetails' ? 'oauth' : 'unexpected' }

sub details { return (oauth_error => ['a'], http_status => '400', retry_after => 9**9**9, message => 5) }

sub new { return bless {}, shift }

sub hello { return {client => {name => 'echoes'}, grants => [], capabilities => []} }

sub configure {
    my ($self, $config) = @_;
    $self->{behaviour} = $config->{client_id};
    return;
}

sub get_token {
    my ($self) = @_;
    die $errors{$self->{behaviour}} if exists $errors{$self->{behaviour}};
    my %members = (access_token => 'one', %{$tokens{$self->{behaviour}}});
    # A number that was used as a text is one still.
    my $logged = "it lasts for $members{expires_in}";
    return AdapterLoop::token(%members);
}

package Unreadable;

use overload '""' => sub { die 'unreadable' };

package OddDetails;

use overload '""' => sub { return 5 };

package main;

use FindBin;
use lib $FindBin::Bin;
use AdapterLoop;

AdapterLoop::serve(Echoes->new);
