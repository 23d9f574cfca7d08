exception Declined of int * string
exception Wrapped of exn
let charge n = if n > 5 then raise (Declined (51, "w-8912")) else n
let find h k = Hashtbl.find h k + 1
let deep = let rec f n = 1 + f (n + 1) in f
let () = Printexc.record_backtrace true
let () = match Sys.argv.(1) with
| "declined" -> print_int (charge 9 + 1)
| "notfound" -> print_int (find (Hashtbl.create 1) "x")
| "failwith" -> failwith "no wallet: w-404"
| "invalid" -> print_int (int_of_string "x")
| "index" -> print_int [|1;2|].(int_of_string "7")
| "sys" -> ignore (open_in "/srv/none")
| "reraise" -> (try print_int (charge 9) with e -> raise e)
| "wrapped" -> (try print_int (charge 9) with e -> raise (Wrapped e))
| "assert" -> assert (Array.length Sys.argv > 9)
| "match" -> (match Sys.argv with [||] -> ())
| "deep" -> print_int (deep 0)
| "unix" -> raise (Sys_error "a: b (c)")
| "caught" -> prerr_endline "batch 77 start"; (try print_int (charge 9 + 1) with e -> prerr_endline ("payment failed: " ^ Printexc.to_string e); Printexc.print_backtrace stderr); prerr_endline "batch 78 start"
| "finally" -> Fun.protect ~finally:(fun () -> failwith "close") (fun () -> print_int (charge 9))
| _ -> ()
