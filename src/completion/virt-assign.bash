# bash completion for virt-assign: the program itself knows the words.
_virt_assign()
{
    local cur prev words cword
    _init_completion -n := || return
    [[ $prev == --template || $prev == --output ]] && compopt -o default
    mapfile -t COMPREPLY < <("${words[0]}" __complete "${words[@]:1:cword}" 2>/dev/null)
    # readline takes what stands behind '=' and ':' for the word.
    if [[ $cur == --*=* ]]; then
        cur=${cur#*=}
        COMPREPLY=("${COMPREPLY[@]#*=}")
    fi
    __ltrim_colon_completions "$cur"
}
complete -F _virt_assign virt-assign
