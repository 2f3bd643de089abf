#!/bin/sh
# check_registers.sh OBJDUMP LIBRARY REGISTER: the widest vector register in LIBRARY is REGISTER.
widest=$("$1" --disassemble "$2" | grep -o '%[xyz]mm' | sort -u | tail -n 1)
[ "$widest" = "%$3" ] && exit
echo "$2: expected the widest vector registers to be $3, got ${widest#%}"
exit 1
