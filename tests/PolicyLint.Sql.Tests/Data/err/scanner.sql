select 'abc
       ^^^^ unterminated quoted string at or near "'abc"

select "abc
       ^^^^ unterminated quoted identifier at or near ""abc"

select $a$ b
       ^^^^^ unterminated dollar-quoted string at or near "$a$ b"

select 1 /* a /* b */
         ^^^^^^^^^^^^ unterminated /* comment at or near "/* a /* b */"

select ""
       ^^ zero-length delimited identifier at or near """"

select 123abc
       ^^^^^^ trailing junk after numeric literal at or near "123abc"

select 0x
       ^^ invalid hexadecimal integer at or near "0x"

select $1a
       ^^^ trailing junk after parameter at or near "$1a"

select b'01
       ^^^^ unterminated bit string literal at or near "b'01"

select x'1f
       ^^^^ unterminated hexadecimal string literal at or near "x'1f"

select x'1f''01'
            ^^^^ syntax error at or near "'01'"

select e'wrong: \udb99'
                      ^ invalid Unicode surrogate pair at or near "'"

select 1 :: a.b.
                ^ syntax error at end of input
