# bash-completion (2.8 and later) loads COMMAND.bash, zsh _COMMAND.
dist_bashcompletion_DATA = src/completion/virt-assign.bash
dist_zshcompletion_DATA = src/completion/_virt-assign
