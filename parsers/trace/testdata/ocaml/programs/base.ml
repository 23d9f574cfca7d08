open Base let f () = Or_error.ok_exn (Or_error.tag (Or_error.error_string "no funds") ~tag:"charge") let g () = Option.value_exn ~message:"nothing" (None : int option)
let () = try f () with e -> Stdlib.Printf.eprintf "%s\n%s" (Exn.to_string e) (Backtrace.to_string (Backtrace.Exn.most_recent ())) 
let () = Stdlib.ignore (g ())
