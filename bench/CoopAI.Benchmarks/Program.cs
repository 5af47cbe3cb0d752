Console.Error.WriteLine("coopai");
return 2;
