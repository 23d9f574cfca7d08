let () = let t = Thread.create (fun () -> failwith "in thread") () in Thread.join t; let t = Thread.create (fun () -> ignore (Hashtbl.find (Hashtbl.create 1) 3)) () in Thread.join t; assert (1 = 2)
