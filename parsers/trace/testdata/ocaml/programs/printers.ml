exception Declined of { code : int; why : string }
exception Nested of exn
let debit n = if n > 5 then raise (Declined { code = 51; why = "no\nfunds" }) else n
let charge n = try debit n with e -> raise (Nested e)
let () = Printexc.record_backtrace true; Printexc.register_printer (function Nested e -> Some ("Nested(" ^ Printexc.to_string e ^ ")") | _ -> None)
let () = try ignore (charge 9) with e -> Printf.eprintf "ERROR charge failed: %s\n%s" (Printexc.to_string e) (Printexc.get_backtrace ())
let rec deep n = if n = 0 then List.hd [] else 1 + deep (n - 1)
let () = try ignore (deep 3) with Failure m -> (let bt = Printexc.get_raw_backtrace () in prerr_endline m; Printexc.print_raw_backtrace stderr bt)
let () = Fun.protect ~finally:(fun () -> failwith "in finally") (fun () -> ignore (charge 9))
