(* Crashes as its argument says. *)
exception Payment_error of string * exn

let charge amount =
  if amount < 0 then invalid_arg (Printf.sprintf "amount %d is below zero" amount);
  100 / amount
[@@inline never]

let pay amount =
  try charge amount + 1
  with e -> raise (Payment_error ("card was not charged", e))
[@@inline never]

let rec descend n = 1 + descend (n + 1)

let () =
  match Sys.argv.(1) with
  | "uncaught" -> ignore (charge (-3))
  | "chained" -> ignore (pay 0)
  | "finally" -> Fun.protect ~finally:(fun () -> ignore (charge 0)) (fun () -> ignore (charge (-1)))
  | "multiline" ->
    failwith "three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header"
  | "recursion" -> ignore (descend 0)
  | "thread" -> Thread.join (Thread.create (fun () -> ignore (pay 0)) ())
  | "logged" -> begin
    try ignore (charge 0)
    with e ->
      let trace = Printexc.get_backtrace () in
      Printf.eprintf "2026-11-22 05:28:11 [error] order 77 was lost: %s\n%s%!" (Printexc.to_string e) trace;
      prerr_endline "2026-11-22 05:28:11 [warn] one more order waits"
    end
  | _ -> assert false
