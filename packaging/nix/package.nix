# The command, its manual pages and its completions. The tests are those of CI: here they would take minutes of each build.
{
  lib,
  stdenv,
  rustPlatform,
  installShellFiles,
  src,
}:

rustPlatform.buildRustPackage {
  pname = "lro";
  inherit ((lib.importTOML "${src}/Cargo.toml").package) version;
  inherit src;
  cargoLock.lockFile = "${src}/Cargo.lock";

  cargoBuildFlags = [ "--bin=lro" ];
  doCheck = false;

  nativeBuildInputs = [ installShellFiles ];
  postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    $out/bin/lro man > lro.1
    installManPage lro.1
    for verb in $($out/bin/lro --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z-]*\)  .*/\1/p'); do
      [ "$verb" = help ] || { $out/bin/lro man "$verb" > "lro-$verb.1"; installManPage "lro-$verb.1"; }
    done
    installShellCompletion --cmd lro \
      --bash <($out/bin/lro completions bash) \
      --fish <($out/bin/lro completions fish) \
      --zsh <($out/bin/lro completions zsh)
  '';

  meta = {
    description = "Blocks until a long-running cloud operation is done, and says how it ended";
    homepage = "https://github.com/lro-cli/lro";
    changelog = "https://github.com/lro-cli/lro/blob/main/CHANGELOG.md";
    license = with lib.licenses; [
      asl20
      mit
    ];
    mainProgram = "lro";
  };
}
