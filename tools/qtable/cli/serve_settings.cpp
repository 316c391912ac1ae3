#include "tools/qtable/cli/serve_settings.hpp"

#include "proto/text_rules.hpp"
#include "tools/qtable/cli/database_choice.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/running.hpp"
#include "tools/qtable/cli/token_key.hpp"

namespace qtable::tools {

namespace {

// Before anything is started: a letter that can't be sent would be found out much later.
void check_mail(const serve_options& chosen) {
    const storage::smtp_options& smtp = chosen.smtp;
    if (smtp.url.empty()) return;
    if (!smtp.url.starts_with("smtp://") && !smtp.url.starts_with("smtps://"))
        throw command_error(exit_configuration, "--smtp-url: must begin with smtp:// or smtps://");
    if (!chosen.mail_dir.empty())
        throw command_error(exit_configuration, "--smtp-url and --mail-dir: only one of them");
    if (!proto::is_email(storage::address_of(smtp.sender.from)))
        throw command_error(exit_configuration,
                            "--mail-from: must be an address, or a name and <address>, when mails are sent");
}

}  // namespace

serve_settings read_serve_settings(const setting_flags& given) {
    serve_settings made;
    made.sources = given.resolve(made.chosen, process_environment());
    const auto port = made.sources.find("listen.port");
    // A platform that says which port means from everywhere.
    if (port != made.sources.end() && port->second == "PORT" && !made.sources.contains("listen.address")) {
        made.chosen.server.address = "0.0.0.0";
    }
    return made;
}

serve_settings resolve_serve_settings(const setting_flags& given) {
    serve_settings made = read_serve_settings(given);
    serve_options& server = made.chosen.server;
    if (server.certificate_file.empty() != server.key_file.empty()) {
        throw command_error(exit_configuration,
                            "--tls-certificate and --tls-key go together: one of them is missing");
    }
    require_sane(server);
    check_mail(server);
    require_token_key(server.token_key);
    server.conninfo = database_address(server.conninfo, process_environment(), "say --database URL");
    return made;
}

}  // namespace qtable::tools
